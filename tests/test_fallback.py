"""What readers of a language are shown where there is no translation: the source, and said so."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Locale, Page, PageViewRestriction

from hub.models import ReaderDemand, Submission
from hub.translation import demand
from tests import factories
from tests.factories import add_file
from tests.translating import locale_of, submit, translate


@pytest.fixture
def arabic(site) -> Locale:
    """A language with a home page and nothing else."""
    locale = locale_of("ar")
    translate(site.home, locale)
    return locale


@pytest.fixture
def chapter(site):
    return factories.ChapterPageFactory(parent=site.toolkit, slug="map", title="Map")


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_fallback_says_in_the_readers_language_what_it_is_in(chapter, arabic, client):
    response = client.get("/ar/toolkit/map/")
    html = soup(response).html
    assert response.context["page"] == chapter
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    main = html.find("main")
    assert (main["lang"], main["dir"]) == ("en", "ltr")
    notice = main.select_one("aside.notice")
    assert (notice["lang"], notice["dir"]) == ("ar", "rtl")
    assert response.headers["Content-Language"] == "ar"


def test_fallback_belongs_to_the_source_for_machines(chapter, arabic, client):
    html = soup(client.get("/ar/toolkit/map/"))
    canonical = html.find("link", rel="canonical")["href"]
    assert canonical.endswith("/en/toolkit/map/")
    assert {link["hreflang"] for link in html.find_all("link", rel="alternate", hreflang=True)} <= {
        "en",
        "x-default",
    }
    assert "/ar/toolkit/map/" not in client.get("/sitemap-ar.xml").content.decode()


def test_language_menu_says_which_languages_do_not_have_the_page(chapter, arabic, client):
    translate(chapter.get_parent(), "es")
    items = soup(client.get("/en/toolkit/map/")).select(".language-menu li")
    labelled = {item.a["hreflang"]: bool(item.select(".badge")) for item in items}
    assert labelled == {"en": False, "ar": True, "es": True}


def test_links_inside_a_fallback_stay_in_the_readers_language(site, chapter, arabic, client):
    link = f'<p><a linktype="page" id="{site.training.pk}">Sessions</a></p>'
    chapter.body = chapter.body.stream_block.to_python([{"type": "rich_text", "value": link}])
    chapter.save_revision().publish()
    html = soup(client.get("/ar/toolkit/map/"))
    assert html.find("a", string="Sessions")["href"] == "/ar/training/"
    own = html.find_all("a", href=lambda href: href and href.startswith("/en/"))
    assert {link.get("hreflang") for link in own} <= {"en"}


def test_translation_takes_the_place_of_the_fallback(chapter, arabic, client):
    assert client.get("/ar/toolkit/map/").context["page"] == chapter
    translated = translate(chapter, arabic)
    response = client.get("/ar/toolkit/map/")
    assert response.context["page"] == translated
    assert not soup(response).select("main > .page-width > aside.notice")


def test_draft_translation_is_not_shown(chapter, arabic, client):
    submit(chapter, arabic)
    assert client.get("/ar/toolkit/map/").context["page"] == chapter


def test_language_whose_home_page_is_not_published_has_no_pages(site, chapter, arabic, client):
    site.home.get_translation(arabic).unpublish()
    for path in ("", "toolkit/", "toolkit/map/"):
        assert client.get(f"/ar/{path}").status_code == 404


def test_private_source_is_private_under_every_language(chapter, arabic, client):
    PageViewRestriction.objects.create(page=chapter, restriction_type="login")
    for language in ("en", "ar"):
        response = client.get(f"/{language}/toolkit/map/")
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")
    assert not ReaderDemand.objects.exists()


def test_unpublished_source_is_not_found_in_any_language(chapter, arabic, client):
    chapter.unpublish()
    assert client.get("/ar/toolkit/map/").status_code == 404


def test_alias_counts_as_no_translation(chapter, arabic, client):
    alias = chapter.copy_for_translation(arabic, copy_parents=True, alias=True)
    assert not alias.live
    response = client.get("/ar/toolkit/map/")
    assert response.context["page"] == chapter
    assert response.context["page"].locale.language_code == "en"


def test_search_finds_a_page_once(chapter, arabic, client):
    assert client.get("/ar/search/?q=Map").status_code == 200
    pages = Page.objects.filter(translation_key=chapter.translation_key)
    assert pages.count() == 1


# Forms


@pytest.fixture
def clock(monkeypatch):
    import time
    from types import SimpleNamespace

    from hub.forms import tokens

    later = SimpleNamespace(offset=0)
    monkeypatch.setattr(tokens, "time", SimpleNamespace(time=lambda: time.time() + later.offset))
    return later


def test_form_under_a_fallback_keeps_its_answer_once(site, arabic, client, clock):
    address = "/ar/contact/"
    token = soup(client.get(address)).find("input", {"name": "hub-token"})["value"]
    clock.offset = 60
    fields = {field.clean_name: "Words" for field in site.contact.get_form_fields()}
    for _time in range(2):
        response = client.post(address, {**fields, "hub-token": token})
        assert response.status_code == 302
        assert response.url.startswith("/ar/contact/")
    submission = Submission.objects.get()
    assert submission.page_id == site.contact.pk
    assert client.get(response.url).status_code == 200


# What readers miss


def counted() -> dict:
    return {
        (row.page.slug, row.locale.language_code, row.kind): row.count
        for row in ReaderDemand.objects.select_related("page", "locale")
    }


def test_fallback_views_are_counted_a_day_and_nothing_else(chapter, arabic, client):
    for _time in range(2):
        response = client.get("/ar/toolkit/map/")
        assert not response.cookies
    client.get("/en/toolkit/map/")
    client.get("/ar/")
    assert counted() == {("map", "ar", "view"): 2}
    assert ReaderDemand.objects.get().day <= date.max


@pytest.mark.parametrize(
    "agent", ["Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5", "python-requests/2", "Spider"]
)
def test_machines_and_heads_are_not_counted(chapter, arabic, client, agent):
    client.get("/ar/toolkit/map/", headers={"user-agent": agent})
    client.head("/ar/toolkit/map/")
    assert counted() == {}


def test_translated_page_is_not_counted(chapter, arabic, client):
    translate(chapter, arabic)
    client.get("/ar/toolkit/map/")
    assert counted() == {}


@pytest.mark.parametrize("translated", [False, True])
def test_file_taken_in_another_language_is_counted(site, arabic, client, translated):
    page = factories.TemplatePageFactory(parent=site.templates, slug="sheet")
    document = add_file(page, language="en")
    page = type(page).objects.get(pk=page.pk)
    if translated:
        translate(page, arabic)
    for language in ("ar", "en"):
        address = f"/{language}/toolkit/templates/sheet/download/{document.download_key}/"
        response = client.get(address)
        assert response.status_code in {200, 302}, address
        # Not close(), which ends a request and with it the connection that the test goes on with.
        response.getvalue()
    assert counted() == {("sheet", "ar", "download"): 1}
    assert demand.per_day([arabic.pk]) == {(page.translation_key, arabic.pk): pytest.approx(1 / 30)}


# Lists


def test_list_has_the_translated_first_and_labels_the_rest(site, arabic, client):
    stories = [
        factories.StoryPageFactory(parent=site.stories, title=f"Story {number}")
        for number in range(3)
    ]
    translate(stories[1], arabic)
    cards = soup(client.get("/ar/stories/")).select(".story-card")
    shown = [(card.find("h2").get_text()[-1], card.select_one(".badge")["lang"]) for card in cards]
    assert shown[0] == ("1", "ar")
    assert sorted(shown[1:]) == [("0", "en"), ("2", "en")]


def test_menu_labels_what_is_not_translated(site, arabic, client):
    """The sections that are translated come first; the language of the rest is marked."""
    translate(site.funding, arabic)
    links = soup(client.get("/ar/")).select("nav[aria-label] li > a")[:4]
    assert [(link.get("lang"), link["href"]) for link in links] == [
        (None, "/ar/funding/"),
        ("en", "/ar/toolkit/"),
        ("en", "/ar/training/"),
        ("en", "/ar/stories/"),
    ]


def test_outline_keeps_the_order_of_the_source(site, arabic, client):
    steps = [
        factories.ChapterPageFactory(parent=site.toolkit, part="step", title=f"Step {number}")
        for number in range(3)
    ]
    translate(steps[2], arabic)
    html = soup(client.get("/ar/toolkit/")).find("main").get_text(" ")
    places = [html.index(f"Step {number}") for number in range(3)]
    assert places == sorted(places)
    assert "ar: Step 2" in html


# What it costs


def warm(client, address, django_assert_max_num_queries, count):
    assert client.get(address).status_code == 200
    with django_assert_max_num_queries(count):
        client.get(address)


def test_fallback_costs_at_most_14_queries(chapter, arabic, client, django_assert_max_num_queries):
    warm(client, "/ar/toolkit/map/", django_assert_max_num_queries, 14)


@pytest.mark.parametrize("outdated", [False, True])
def test_translation_costs_at_most_14_queries(
    chapter, arabic, client, django_assert_max_num_queries, outdated
):
    translate(chapter, arabic)
    if outdated:
        chapter.title = "The map"
        chapter.save_revision().publish()
    warm(client, "/ar/toolkit/map/", django_assert_max_num_queries, 14)


@pytest.mark.parametrize("path", ["stories", "training", "toolkit", "toolkit/templates"])
def test_list_under_another_language_costs_the_same_with_one_and_with_three(
    site, arabic, client, path
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make = {
        "stories": lambda: factories.StoryPageFactory(parent=site.stories),
        "training": lambda: factories.SessionPageFactory(parent=site.training),
        "toolkit": lambda: factories.ChapterPageFactory(parent=site.toolkit),
        "toolkit/templates": lambda: factories.TemplatePageFactory(parent=site.templates),
    }[path]
    counts = []
    for more in (1, 2):
        for _number in range(more):
            make()
        client.get(f"/ar/{path}/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/ar/{path}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]

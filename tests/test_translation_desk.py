"""The translators' desk and its queue, and how much it costs."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail_localize.models import Translation, TranslationSource

from hub.models import ReaderDemand, TranslationTask, User
from hub.translation import progress, tasks, teams
from tests.factories import StandardPageFactory, StoryPageFactory
from tests.translating import locale_of, submit, translate, write

DESK = "/admin/translation/"


@pytest.fixture
def spanish(site):
    locale = locale_of("es")
    translate(site.home, locale)
    return locale


def member(locale, role: str) -> User:
    user = User.objects.create_user(f"{role}-{locale.language_code}", email="a@example.org")
    user.groups.add(getattr(teams.set_up_team(locale), role))
    return user


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def queue(response) -> list[str]:
    return [link.get_text() for link in soup(response).select(".hub-listing td:first-child strong")]


def demanded(page, locale, count: int):
    ReaderDemand.objects.create(
        page=page, locale=locale, day=timezone.localdate(), kind="view", count=count
    )


@pytest.fixture
def three(site, spanish):
    """Three stories to translate: asked for most, due first, waiting longest."""
    wanted, due, old = (
        StoryPageFactory(parent=site.stories, title=title) for title in ("Wanted", "Due", "Old")
    )
    for story in (wanted, due, old):
        submit(story, spanish)
    demanded(wanted, spanish, 90)
    demanded(due, spanish, 30)
    TranslationTask.objects.filter(translation__source__object_id=due.translation_key).update(
        due_on=date(2030, 1, 1)
    )
    TranslationTask.objects.filter(translation__source__object_id=old.translation_key).update(
        waiting_since=timezone.now() - timedelta(days=40)
    )
    return wanted, due, old


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("", ["Wanted", "Due", "Old"]),
        ("?order=demand", ["Wanted", "Due", "Old"]),
        ("?order=due", ["Due", "Wanted", "Old"]),
        ("?order=age", ["Old", "Wanted", "Due"]),
        ("?order=nonsense", ["Wanted", "Due", "Old"]),
        ("?p=99&language=xx", ["Wanted", "Due", "Old"]),
        ("?p=-1&language=%00", ["Wanted", "Due", "Old"]),
    ],
)
def test_queue_comes_in_the_order_asked_for(three, spanish, client, query, first):
    client.force_login(member(spanish, "translators"))
    listed = [title for title in queue(client.get(DESK + query)) if title in first]
    assert listed == first


def test_queue_says_what_each_takes(three, spanish, client):
    client.force_login(member(spanish, "translators"))
    row = soup(client.get(DESK)).select(".hub-listing tbody tr")[0]
    task = TranslationTask.objects.get(translation__source__object_id=three[0].translation_key)
    assert [" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")] == [
        "Wanted Story",
        "In translation 0 %",
        str(task.words_to_do),
        "3.0",
        "0 days",
        "",
        "",
    ]
    assert task.words_to_do > 10


def test_queue_of_one_person(three, spanish, client):
    translator = member(spanish, "translators")
    tasks.assign(
        Translation.objects.get(source__object_id=three[1].translation_key), translator, None
    )
    client.force_login(translator)
    assert queue(client.get(DESK + "?mine=1")) == ["Due"]


def test_what_is_translated_leaves_the_queue(three, spanish, client):
    write(Translation.objects.get(source__object_id=three[0].translation_key))
    client.force_login(member(spanish, "translators"))
    assert "Wanted" not in queue(client.get(DESK))


def test_desk_is_for_those_who_have_a_language(site, spanish, client):
    client.force_login(User.objects.create_user("nobody"))
    for address in (DESK, DESK + "pages/", "/admin/translation/glossary/"):
        assert client.get(address).status_code == 302
    client.logout()
    response = client.get(DESK)
    assert (response.status_code, response.url) == (302, f"/admin/login/?next={DESK}")


def test_translator_sees_the_own_language_alone(site, spanish, client):
    locale_of("fr")
    client.force_login(member(spanish, "translators"))
    tabs = [link.get_text() for link in soup(client.get(DESK)).select(".hub-tabs a")]
    assert tabs == ["Español", "All pages", "Glossary"]


def test_editor_sees_every_language_and_may_submit(site, spanish, admin_client):
    locale_of("fr")
    page = soup(admin_client.get(DESK + "pages/"))
    assert [cell.get_text() for cell in page.select(".hub-listing thead th")] == [
        "Page",
        "Español",
        "Français",
    ]
    story = next(row for row in page.select(".hub-listing tbody tr") if "Stories" in row.get_text())
    assert [link.get_text() for link in story.select("a")] == ["Submit", "Submit"]


def test_matrix_shows_state_and_share(site, spanish, admin_client):
    translation = submit(site.stories, spanish)
    segment = translation.source.stringsegment_set.first()
    tasks.write(translation, segment, "Historias", User.objects.get(username="admin"), None)
    page = soup(admin_client.get(DESK + "pages/"))
    cell = next(
        row.select("td")[1]
        for row in page.select(".hub-listing tbody tr")
        if "Stories" in row.get_text()
    )
    total = translation.source.stringsegment_set.count()
    assert f"{100 // total} %" in cell.get_text()
    assert "In translation" in cell.get_text()


def test_front_page_says_what_waits(three, spanish, client):
    client.force_login(member(spanish, "translators"))
    progress.bring_up_to_date()
    line = next(
        item
        for item in soup(client.get("/admin/")).select(".hub-todo > li")
        if "Español" in str(item)
    )
    waiting = TranslationTask.objects.exclude(waiting_since=None)
    words = sum(task.words_to_do for task in waiting)
    assert line.get_text() == f"Español: {waiting.count()} pages or terms, {words} words"
    assert line.a["href"] == reverse("hub_translation:desk") + "?language=es"


@pytest.mark.parametrize("address", [DESK, DESK + "pages/"])
def test_desk_of_500_pages_and_6_languages_stays_within_15_queries(site, spanish, client, address):
    locales = [spanish, *(locale_of(code) for code in ("fr", "ar", "ru", "pt", "sw"))]
    pages = [
        StandardPageFactory.build(
            title=f"Page {number}",
            slug=f"page-{number}",
            locale=site.locale,
            path=f"{site.home.path}{number + 100:04d}",
            depth=3,
            url_path=f"/home/page-{number}/",
        )
        for number in range(500)
    ]
    for page in pages:
        page.save_base(raw=False)
    sources = TranslationSource.objects.bulk_create(
        TranslationSource(
            object=_object(page),
            specific_content_type=page.cached_content_type,
            locale=site.locale,
            object_repr=page.title,
            content_json="{}",
            last_updated_at=timezone.now(),
        )
        for page in pages
    )
    translations = Translation.objects.bulk_create(
        Translation(source=source, target_locale=locale) for source in sources for locale in locales
    )
    TranslationTask.objects.bulk_create(
        TranslationTask(translation=translation, recount=False) for translation in translations
    )
    client.force_login(member(spanish, "translators"))
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert "Page 42" in response.content.decode()
    assert len(queries) <= 15, "\n".join(query["sql"][:160] for query in queries)


def _object(page):
    from wagtail_localize.models import TranslatableObject

    return TranslatableObject.objects.get_or_create_from_instance(page)[0]


# The glossary


def test_translator_keeps_the_glossary_of_the_own_language(site, spanish, client):
    french = locale_of("fr")
    client.force_login(member(spanish, "translators"))
    term = {"term": "tender", "translation": "licitaci", "note": ""}
    refused = client.post("/admin/translation/glossary/new/", term | {"locale": french.pk})
    assert refused.status_code == 200
    assert "locale" in refused.context["form"].errors
    assert "licitaci" in refused.content.decode()
    client.post("/admin/translation/glossary/new/", term | {"locale": spanish.pk})
    assert str(spanish.glossary.get()) == "tender → licitaci"
    twice = client.post(
        "/admin/translation/glossary/new/", term | {"term": "Tender", "locale": spanish.pk}
    )
    assert twice.status_code == 200
    assert spanish.glossary.count() == 1


def test_translator_cannot_touch_the_glossary_of_another_language(site, spanish, client):
    french = locale_of("fr")
    entry = french.glossary.create(term="tender", translation="appel d’offres")
    client.force_login(member(spanish, "translators"))
    listing = client.get("/admin/translation/glossary/").content.decode()
    assert "appel d’offres" not in listing
    for action in ("edit", "delete"):
        response = client.post(f"/admin/translation/glossary/{action}/{entry.pk}/", {"term": "x"})
        assert response.status_code in {302, 403, 404}
    entry.refresh_from_db()
    assert entry.term == "tender"

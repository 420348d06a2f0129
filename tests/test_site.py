"""What is the same on every page: languages, menus, headers, errors, sitemap, feed."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction, Site

from hub import sitemaps, views
from hub.models import DisplayZone, FooterLink, SiteSettings
from tests.factories import (
    ChapterPageFactory,
    ImageFactory,
    SessionPageFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
    add_file,
)
from tests.translating import alias

BASE = "http://127.0.0.1:8000"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def links_in(element) -> list[tuple[str, str]]:
    return [(link.get_text(strip=True), link["href"]) for link in element.find_all("a")]


def publish_copy(page, locale, **fields):
    """A published translation of ``page``, with its own words, and no alias."""
    copy = page.copy_for_translation(locale)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(copy).objects.get(pk=copy.pk)


@pytest.fixture
def spanish(db):
    return Locale.objects.create(language_code="es")


@pytest.fixture
def spanish_home(site, spanish):
    return publish_copy(site.home, spanish, title="Licitación clara", pilot_strip="Es un piloto.")


@pytest.fixture
def pages(site):
    """One page of each kind that readers come to."""
    template = TemplatePageFactory(parent=site.templates)
    add_file(template)
    return SimpleNamespace(
        home=site.home,
        toolkit=site.toolkit,
        templates=site.templates,
        training=site.training,
        funding=site.funding,
        stories=site.stories,
        contact=site.contact,
        chapter=ChapterPageFactory(parent=site.toolkit),
        template=template,
        session=SessionPageFactory(parent=site.training),
        story=StoryPageFactory(parent=site.stories),
        about=StandardPageFactory(parent=site.home, slug="about"),
    )


PUBLIC = {
    "/": 302,
    "/en/": 200,
    "/en/toolkit/": 200,
    "/en/toolkit/templates/": 200,
    "/en/training/": 200,
    "/en/funding/": 200,
    "/en/stories/": 200,
    "/en/stories/feed/": 200,
    "/en/contact/": 200,
    "/en/about/": 200,
    "/en/search/": 200,
    "/en/search/?q=procurement": 200,
    "/en/nothing-here/": 404,
    "/nothing-here/": 404,
    "/fr/": 404,
    "/en": 301,
    "/sitemap.xml": 200,
    "/sitemap-en.xml": 200,
    "/robots.txt": 200,
    "/healthz": 200,
}


# The first address


def test_first_address_leads_to_the_readers_language(site, client, spanish_home):
    wanted = {
        "es": "es",
        "es-MX,es;q=0.9,en;q=0.8": "es",
        "fr,es;q=0.5,en;q=0.4": "es",
        "en;q=0.5,es;q=0.9": "es",
        "fr": "en",
        "*": "en",
        "": "en",
        "xx-yy;q=oops,,;": "en",
    }
    responses = {header: client.get("/", headers={"accept-language": header}) for header in wanted}
    assert {header: response.url for header, response in responses.items()} == {
        header: f"/{language}/" for header, language in wanted.items()
    }
    for response in responses.values():
        assert response.status_code == 302
        assert "Accept-Language" in response["Vary"]


def test_first_address_does_not_lead_to_a_language_without_a_home_page(site, client, spanish):
    assert client.get("/", headers={"accept-language": "es"}).url == "/en/"
    draft = site.home.copy_for_translation(spanish)
    assert not draft.live
    assert client.get("/", headers={"accept-language": "es"}).url == "/en/"


def test_first_address_refuses_to_be_posted_to(site, client):
    assert client.post("/").status_code == 405


def test_addresses_without_a_language_are_answered_in_the_readers(site, client, spanish_home):
    response = client.get("/nothing-here/", headers={"accept-language": "es"})
    assert response.status_code == 404
    assert soup(response).find("html")["lang"] == "es"
    assert response["Content-Language"] == "es"


# What is not there


def test_language_the_hub_lacks_is_the_help_page(pages, client):
    for address in ("/fr/", "/fr/toolkit/", "/fr/about/", "/de/stories/", "/fr/nothing-here/"):
        assert_help_page(client.get(address), pages)


def assert_help_page(response, pages):
    assert response.status_code == 404
    page = soup(response)
    assert page.find("link", rel="alternate", hreflang=True) is None
    assert page.find("form", role="search") is not None
    assert page.find("main").find("a", href="/en/", hreflang="en") is not None
    assert page.find("link", rel="canonical") is None
    text = page.find("main").get_text()
    for shown in (pages.home.statement, "What this page is for."):
        assert shown not in text


@pytest.mark.parametrize("address", ["/fr/search/?q=plan", "/fr/stories/feed/"])
def test_language_the_hub_lacks_has_no_search_and_no_feed(pages, client, address):
    assert client.get(address).status_code == 404


def test_help_page_offers_search_menu_steps_and_a_person(site, client):
    ChapterPageFactory(parent=site.toolkit, title="Understand", slug="understand")
    response = client.get("/en/nothing-here/")
    assert response.status_code == 404
    page = soup(response)
    assert page.title.get_text() == "Page not found – Plain Tender"
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    form = page.find("main").find("form", role="search")
    assert form["action"] == "/en/search/"
    assert form.find("label")["for"] == form.find("input", {"name": "q"})["id"]
    assert links_in(page.find("main").find(class_="contents-list")) == [
        ("Four steps", "/en/toolkit/"),
        ("Training", "/en/training/"),
        ("Mini grants", "/en/funding/"),
        ("Stories", "/en/stories/"),
        ("Ask a person", "/en/contact/"),
    ]
    step = page.find("main").find(class_="staircase").find("a")
    assert step["href"] == "/en/toolkit/understand/"
    assert page.find("nav", attrs={"aria-label": "Main"}) is not None


def test_help_page_offers_the_other_languages(site, client, spanish_home):
    page = soup(client.get("/en/nothing-here/"))
    link = page.find("main").find("a", lang="es")
    assert (link.get_text(), link["href"], link["hreflang"]) == ("Español", "/es/", "es")
    assert page.find("main").find("a", lang="en") is None


def test_help_page_works_in_a_hub_without_pages(db, client):
    """Between the installation and the first page."""
    Page.objects.filter(depth=2).update(slug="welcome")
    response = client.get("/en/nothing-here/")
    assert response.status_code == 404
    assert soup(response).find("h1") is not None


@pytest.fixture
def no_database():
    def refuse(execute, sql, params, many, context):
        raise AssertionError(f"A query: {sql}")

    with connection.execute_wrapper(refuse):
        yield


def test_broken_page_needs_no_database_and_no_cache(rf, no_database, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("The cache was asked.")

    for method in ("get", "set", "get_or_set", "add"):
        monkeypatch.setattr(type(cache._connections["default"]), method, refuse, raising=False)
    response = views.server_error(rf.get("/en/"))
    assert response.status_code == 500
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("h1").get_text() == "Something broke on our side."
    assert page.find("a")["href"] == "/"
    assert page.find("script") is None


def test_broken_page_is_what_a_reader_gets(site, client, monkeypatch):
    def break_it(*arguments, **options):
        raise RuntimeError("broken on purpose")

    client.raise_request_exception = False
    monkeypatch.setattr("home.models.HomePage.get_context", break_it)
    response = client.get("/en/")
    assert response.status_code == 500
    assert b"Something broke on our side." in response.content
    assert b"broken on purpose" not in response.content
    assert not response.cookies


# No traces, and what a browser is told


def test_public_addresses_set_no_cookie_and_open_no_session(pages, client):
    for address, status in PUBLIC.items():
        response = client.get(address)
        assert (address, response.status_code) == (address, status)
        assert (address, dict(response.cookies)) == (address, {})
        assert "Cookie" not in response.headers.get("Vary", "")
    assert not Session.objects.exists()


def test_every_kind_of_page_sets_no_cookie(pages, client):
    for name, page in vars(pages).items():
        response = client.get(page.url)
        assert (name, response.status_code, bool(response.cookies)) == (name, 200, False)
    assert not Session.objects.exists()


def test_forms_refused_set_no_cookie_either(site, client):
    response = client.post(site.contact.url, {"message": "Hello"})
    assert response.status_code in {200, 400, 422}
    assert not response.cookies


def policy_of(response) -> dict[str, list[str]]:
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in directives}


STRICT = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}


def test_public_addresses_have_the_strict_policy(pages, client):
    for address in PUBLIC:
        policy = policy_of(client.get(address))
        policy["script-src"] = [s for s in policy["script-src"] if not s.startswith("'nonce-")]
        assert (address, policy) == (address, STRICT)


def test_addresses_have_the_security_headers(pages, client):
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    for address in [*(a for a in PUBLIC if a != "/en"), "/admin/login/"]:
        response = client.get(address)
        assert (address, {name: response.headers.get(name) for name in expected}) == (
            address,
            expected,
        )


def test_admin_has_a_policy_of_its_own(site, admin_client):
    policy = policy_of(admin_client.get("/admin/"))
    assert policy["script-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-src"] == ["'self'"]
    assert policy["form-action"] == ["'self'"]
    everything = [source for sources in policy.values() for source in sources]
    assert [source for source in everything if "//" in source or source in {"*", "https:"}] == []


def test_public_page_shown_to_staff_keeps_the_strict_policy(site, admin_client):
    response = admin_client.get("/en/")
    assert policy_of(response)["style-src"] == ["'self'"]


def test_public_pages_have_nothing_inline_and_nothing_foreign(pages, client):
    """What the policy would block must not be there in the first place."""
    for page in vars(pages).values():
        html = soup(client.get(page.url))
        assert html.find_all(style=True) == []
        assert html.find_all("style") == []
        inline = [
            script
            for script in html.find_all("script")
            if not script.get("src") and script.get("type") != "application/ld+json"
        ]
        assert inline == []
        assert [
            tag for tag in html.find_all(True) for name in tag.attrs if name.startswith("on")
        ] == []
        loaded = [tag["src"] for tag in html.find_all(src=True)]
        loaded += [
            tag["href"] for tag in html.find_all("link", rel=["stylesheet", "icon", "preload"])
        ]
        assert [address for address in loaded if not address.startswith("/")] == []


# The menu and what is around it


def menu_of(response) -> list[tuple[str, str, bool]]:
    menu = soup(response).select_one(".masthead nav")
    return [
        (" ".join(link.get_text().split()), link["href"], link.get("aria-current") == "true")
        for link in (menu.find_all("a") if menu else [])
    ]


def test_menu_is_made_of_the_tree(site, client):
    assert menu_of(client.get("/en/")) == [
        ("Four steps", "/en/toolkit/", False),
        ("Training", "/en/training/", False),
        ("Mini grants", "/en/funding/", False),
        ("Stories", "/en/stories/", False),
    ]


def test_menu_follows_the_order_of_the_tree(site, client):
    menu_of(client.get("/en/"))
    site.stories.move(site.toolkit, pos="left")
    titles = [title for title, _url, _current in menu_of(client.get("/en/"))]
    assert titles == ["Stories", "Four steps", "Training", "Mini grants"]


def test_menu_marks_the_section_one_is_in(pages, client):
    current = {
        name: [title for title, _url, is_current in menu_of(client.get(page.url)) if is_current]
        for name, page in vars(pages).items()
    }
    assert current == {
        "home": [],
        "toolkit": ["Four steps"],
        "templates": ["Four steps"],
        "chapter": ["Four steps"],
        "template": ["Four steps"],
        "training": ["Training"],
        "session": ["Training"],
        "funding": ["Mini grants"],
        "stories": ["Stories"],
        "story": ["Stories"],
        "contact": [],
        "about": [],
    }


def test_menu_leaves_out_what_is_not_to_be_in_it(site, client):
    site.training.show_in_menus = False
    site.training.save_revision().publish()
    site.funding.unpublish()
    titles = [title for title, _url, _current in menu_of(client.get("/en/"))]
    assert titles == ["Four steps", "Stories"]


def test_menu_uses_short_titles(site, client):
    site.toolkit.menu_title = "Toolkit"
    site.toolkit.save_revision().publish()
    assert menu_of(client.get("/en/"))[0] == ("Toolkit", "/en/toolkit/", False)


def test_menu_of_another_language_is_that_of_its_tree(site, client, spanish, spanish_home):
    publish_copy(site.training, spanish, title="Formación", slug="formacion")
    assert menu_of(client.get("/es/")) == [
        ("Formación", "/es/formacion/", False),
        ("Four steps (inglés)", "/es/toolkit/", False),
        ("Mini grants (inglés)", "/es/funding/", False),
        ("Stories (inglés)", "/es/stories/", False),
    ]


def test_menu_shows_what_was_just_published(site, client):
    menu_of(client.get("/en/"))
    StandardPageFactory(parent=site.home, title="Glossary", slug="glossary", show_in_menus=True)
    assert menu_of(client.get("/en/"))[-1] == ("Glossary", "/en/glossary/", False)


def test_menu_shows_a_new_name_and_address_at_once(site, client):
    menu_of(client.get("/en/"))
    site.stories.title, site.stories.slug = "How it went", "how-it-went"
    site.stories.save_revision().publish()
    assert menu_of(client.get("/en/"))[-1] == ("How it went", "/en/how-it-went/", False)


def test_menu_is_not_asked_of_the_database_twice(site, client):
    with CaptureQueriesContext(connection) as first:
        client.get("/en/about-nothing/")
    with CaptureQueriesContext(connection) as second:
        client.get("/en/about-nothing/")
    assert len(second) < len(first)
    assert [
        query["sql"] for query in second if "show_in_menus" in query["sql"].partition("WHERE")[2]
    ] == []


def footer_of(response) -> dict[str, list[tuple[str, str]]]:
    footer = soup(response).find("footer")
    return {nav.find("h2").get_text(): links_in(nav) for nav in footer.find_all("nav")}


def test_footer_has_its_columns_statement_and_notice(site, client):
    site.home.footer_statement = "We help others make the case."
    site.home.footer_notice = "Every group here is made up."
    site.home.save_revision().publish()
    about = StandardPageFactory(parent=site.home, title="About us", slug="about")
    FooterLink.objects.create(
        settings=SiteSettings.objects.get(), column="about", page=about, sort_order=2
    )
    response = client.get("/en/")
    assert footer_of(response) == {
        "Help": [("Write to us", "/en/contact/")],
        "About": [("About us", "/en/about/")],
    }
    text = soup(response).find("footer").get_text()
    assert "We help others make the case." in text
    assert "Every group here is made up." in text


def test_footer_link_added_shows_at_once(site, client):
    footer_of(client.get("/en/"))
    FooterLink.objects.create(
        settings=SiteSettings.objects.get(), column="help", page=site.funding, sort_order=2
    )
    assert footer_of(client.get("/en/"))["Help"][-1] == ("Mini grants", "/en/funding/")
    FooterLink.objects.filter(page=site.funding).first().delete()
    assert footer_of(client.get("/en/"))["Help"] == [("Write to us", "/en/contact/")]


def test_footer_leaves_out_a_page_that_is_gone(site, client):
    assert "Help" in footer_of(client.get("/en/"))
    site.contact.unpublish()
    assert footer_of(client.get("/en/")) == {}


def test_footer_leads_to_the_page_in_the_readers_language(site, client, spanish, spanish_home):
    publish_copy(site.contact, spanish, title="Escríbanos", slug="contacto")
    (links,) = footer_of(client.get("/es/")).values()
    assert links == [("Escríbanos", "/es/contacto/")]


def strip_of(response) -> str:
    strip = soup(response).find("aside", class_="pilot")
    return strip.find("strong").get_text() if strip else ""


def test_pilot_strip_is_on_every_page_until_it_is_switched_off(pages, client):
    assert strip_of(client.get(pages.chapter.url)) == "This hub is a pilot."
    assert strip_of(client.get("/en/nothing-here/")) == "This hub is a pilot."
    site_settings = SiteSettings.objects.get()
    site_settings.pilot = False
    site_settings.save()
    assert strip_of(client.get(pages.chapter.url)) == ""


def test_pilot_strip_asks_about_the_page_one_is_on(pages, client):
    strip = soup(client.get(pages.story.url)).find("aside", class_="pilot")
    assert strip.find("a")["href"] == f"/en/contact/?about={pages.story.url}"


def test_pilot_strip_without_words_is_not_there(site, client):
    site.home.pilot_strip = ""
    site.home.save_revision().publish()
    assert strip_of(client.get("/en/")) == ""


def test_settings_changed_in_the_admin_show_at_once(site, client, admin_client):
    """With all its rows: the hub's settings are saved before their time zones and links are."""
    session = SessionPageFactory(parent=site.training)
    client.get(session.url)
    site_settings = SiteSettings.objects.get()
    address = reverse("wagtailsettings:edit", args=["hub", "sitesettings", Site.objects.get().pk])
    data = {
        "share_image": "",
        "contact_page": site.contact.pk,
        "display_zones-TOTAL_FORMS": 1,
        "display_zones-INITIAL_FORMS": 0,
        "display_zones-0-zone": "Asia/Tokyo",
        "display_zones-0-ORDER": 1,
        "footer_links-TOTAL_FORMS": 0,
        "footer_links-INITIAL_FORMS": 0,
    }
    DisplayZone.objects.filter(settings=site_settings).delete()
    FooterLink.objects.filter(settings=site_settings).delete()
    response = admin_client.post(address, data)
    assert response.status_code == 302
    response = client.get(session.url)
    cities = [term.get_text() for term in soup(response).select(".facts dt")]
    assert "Tokyo" in cities
    assert "Nairobi" not in cities
    assert strip_of(response) == ""


def test_settings_read_while_they_are_being_saved_are_not_remembered(site, client):
    """A reader who comes between the settings and their rows sees the old rows, once."""
    session = SessionPageFactory(parent=site.training)
    site_settings = SiteSettings.objects.get()

    def read(**_arguments):
        client.get(session.url)

    post_save.connect(read, sender=SiteSettings)
    try:
        site_settings.display_zones.add(DisplayZone(zone="Asia/Tokyo", sort_order=9))
        site_settings.save()
    finally:
        post_save.disconnect(read, sender=SiteSettings)
    cities = [term.get_text() for term in soup(client.get(session.url)).select(".facts dt")]
    assert "Tokyo" in cities


def test_name_of_the_site_shows_at_once(site, client):
    client.get("/en/")
    wagtail_site = Site.objects.get()
    wagtail_site.site_name = "Another name"
    wagtail_site.save()
    page = soup(client.get("/en/training/"))
    assert page.title.get_text().endswith(" – Another name")
    assert page.find(class_="brand").get_text(strip=True) == "Another name"


def crumbs_of(response) -> list[tuple[str, str]]:
    crumbs = soup(response).find("ol", class_="breadcrumbs")
    return links_in(crumbs) if crumbs else []


def test_breadcrumbs_lead_up_to_the_section(site, client):
    step = ChapterPageFactory(parent=site.toolkit, title="Understand", slug="understand")
    inner = ChapterPageFactory(parent=step, title="Read the system", slug="read")
    assert crumbs_of(client.get(inner.url)) == [
        ("Four steps", "/en/toolkit/"),
        ("Understand", "/en/toolkit/understand/"),
    ]
    assert crumbs_of(client.get(step.url)) == [("Four steps", "/en/toolkit/")]
    assert crumbs_of(client.get(site.funding.url)) == []


def test_breadcrumbs_use_short_titles_and_leave_out_what_is_gone(site, client):
    step = ChapterPageFactory(parent=site.toolkit, title="Understand", slug="understand")
    inner = ChapterPageFactory(parent=step)
    client.get(inner.url)
    site.toolkit.menu_title = "Toolkit"
    site.toolkit.save_revision().publish()
    step.unpublish()
    assert crumbs_of(client.get(inner.url)) == [("Toolkit", "/en/toolkit/")]


# Languages of a page


def alternates_of(response) -> dict[str, str]:
    return {
        link["hreflang"]: link["href"]
        for link in soup(response).head.find_all("link", rel="alternate", hreflang=True)
    }


def language_menu_of(response) -> list[dict]:
    menu = soup(response).find("details", class_="language-menu")
    return [
        {
            "name": link.find(string=True).strip(),
            "url": link["href"],
            "lang": link["lang"],
            "current": link.get("aria-current"),
            "gap": bool(link.find(class_="badge--gap")),
        }
        for link in menu.find_all("a")
    ]


def test_language_menu_is_there_with_one_language(site, client):
    assert language_menu_of(client.get("/en/toolkit/")) == [
        {"name": "English", "url": "/en/toolkit/", "lang": "en", "current": "true", "gap": False}
    ]
    assert alternates_of(client.get("/en/toolkit/")) == {}


def test_language_menu_leads_to_the_translation(site, client, spanish, spanish_home):
    publish_copy(site.training, spanish, title="Formación", slug="formacion")
    response = client.get("/en/training/")
    assert language_menu_of(response) == [
        {"name": "English", "url": "/en/training/", "lang": "en", "current": "true", "gap": False},
        {"name": "Español", "url": "/es/formacion/", "lang": "es", "current": None, "gap": False},
    ]
    assert alternates_of(response) == {
        "en": f"{BASE}/en/training/",
        "es": f"{BASE}/es/formacion/",
    }
    assert alternates_of(client.get("/es/formacion/")) == alternates_of(response)


def test_language_menu_says_where_a_page_is_missing(site, client, spanish_home):
    response = client.get("/en/training/")
    assert language_menu_of(response)[1] == {
        "name": "Español",
        "url": "/es/training/",
        "lang": "es",
        "current": None,
        "gap": True,
    }
    assert "es" not in alternates_of(response)


def test_language_menu_takes_an_alias_for_no_translation(site, client, spanish, spanish_home):
    alias(site.training, spanish)
    # Made live by force: the hub itself keeps an alias in another language a draft.
    Page.objects.filter(alias_of=site.training).update(live=True)
    response = client.get("/en/training/")
    assert language_menu_of(response)[1]["gap"] is True
    assert "es" not in alternates_of(response)


def test_language_that_runs_the_other_way_is_marked(site, client):
    arabic = Locale.objects.create(language_code="ar")
    publish_copy(site.home, arabic)
    page = soup(client.get("/ar/"))
    assert (page.find("html")["lang"], page.find("html")["dir"]) == ("ar", "rtl")
    assert page.find("details", class_="language-menu").find("a", lang="en")["dir"] == "ltr"


def test_canonical_address_is_the_public_one_whatever_the_host_and_query(pages, client):
    for page in vars(pages).values():
        response = client.get(f"{page.url}?utm_source=x", headers={"host": "localhost"})
        assert soup(response).find("link", rel="canonical")["href"] == f"{BASE}{page.url}"


# Sitemap, robots, feed

SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def parts_of(client) -> list[str]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    return [
        part.text
        for part in ElementTree.fromstring(response.content).findall("s:sitemap/s:loc", SITEMAP)
    ]


def entries_of(client, address: str) -> dict[str, dict[str, str]]:
    """The addresses in a part of the sitemap, each with its alternates."""
    response = client.get(address.removeprefix(BASE))
    assert response.status_code == 200
    return {
        url.find("s:loc", SITEMAP).text: {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", SITEMAP)
        }
        for url in ElementTree.fromstring(response.content).findall("s:url", SITEMAP)
    }


def test_sitemap_lists_every_public_page_once(pages, client):
    assert parts_of(client) == [f"{BASE}/sitemap-en.xml"]
    assert list(entries_of(client, "/sitemap-en.xml")) == [
        f"{BASE}{page.url}"
        for page in Page.objects.live().descendant_of(pages.home, inclusive=True).order_by("path")
    ]


def test_sitemap_says_when_a_page_was_last_published(site, client):
    root = ElementTree.fromstring(client.get("/sitemap-en.xml").content)
    dates = [date.text for date in root.findall("s:url/s:lastmod", SITEMAP)]
    assert dates == [site.home.last_published_at.date().isoformat()] * 7


def test_sitemap_leaves_out_drafts_private_pages_and_aliases(site, client):
    draft, private, original = (
        StandardPageFactory(parent=site.home, slug=slug)
        for slug in ("draft", "private", "original")
    )
    draft.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    below = StandardPageFactory(parent=private, slug="below")
    original.create_alias(update_slug="alias")
    addresses = entries_of(client, "/sitemap-en.xml")
    assert f"{BASE}/en/original/" in addresses
    assert client.get("/en/alias/").status_code == 200
    left_out = [f"{BASE}{page.url}" for page in (draft, private, below)] + [f"{BASE}/en/alias/"]
    assert [address for address in left_out if address in addresses] == []


def test_sitemap_names_the_translations_of_a_page(site, client, spanish, spanish_home):
    publish_copy(site.training, spanish, slug="formacion")
    alias(site.funding, spanish)
    assert parts_of(client) == [f"{BASE}/sitemap-en.xml", f"{BASE}/sitemap-es.xml"]
    english, translated = (entries_of(client, f"/sitemap-{code}.xml") for code in ("en", "es"))
    both = {"en": f"{BASE}/en/training/", "es": f"{BASE}/es/formacion/"}
    assert english[f"{BASE}/en/training/"] == both
    assert english[f"{BASE}/en/funding/"] == {}
    assert translated == {
        f"{BASE}/es/": {"en": f"{BASE}/en/", "es": f"{BASE}/es/"},
        f"{BASE}/es/formacion/": both,
    }


def test_sitemap_comes_in_parts_of_a_thousand(site, client, monkeypatch):
    assert sitemaps.LanguageSitemap.limit == 1000
    monkeypatch.setattr(sitemaps.LanguageSitemap, "limit", 3)
    parts = parts_of(client)
    assert parts == [
        f"{BASE}/sitemap-en.xml",
        f"{BASE}/sitemap-en.xml?p=2",
        f"{BASE}/sitemap-en.xml?p=3",
    ]
    found = [list(entries_of(client, part)) for part in parts]
    assert [len(addresses) for addresses in found] == [3, 3, 1]
    assert len({address for addresses in found for address in addresses}) == 7
    assert client.get("/sitemap-en.xml?p=4").status_code == 404


def test_sitemap_costs_the_same_for_more_pages(site, client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/sitemap-en.xml")
        return len(captured)

    queries()
    one = queries()
    for _number in range(3):
        StandardPageFactory(parent=site.home)
    client.get("/en/")
    client.get("/sitemap-en.xml")
    assert queries() == one


@pytest.mark.parametrize("code", ["fr", "xx", "en-gb"])
def test_sitemap_of_a_language_the_hub_lacks_is_not_found(site, client, code):
    assert client.get(f"/sitemap-{code}.xml").status_code == 404


def test_robots_keep_out_of_admin_and_search(site, client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/search/",
        "",
        f"Sitemap: {BASE}/sitemap.xml",
    ]


def feed_of(client, address="/en/stories/feed/", **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def test_feed_lists_the_latest_stories_first(site, client):
    for day in (3, 20, 11):
        StoryPageFactory(
            parent=site.stories,
            title=f"Day {day} & more",
            slug=f"day-{day}",
            date=f"2024-05-{day:02}",
            summary="What <they> did.",
        )
    feed = feed_of(client)
    assert feed.feed.title == "Stories"
    assert [entry.title for entry in feed.entries] == [
        "Day 20 & more",
        "Day 11 & more",
        "Day 3 & more",
    ]
    first = feed.entries[0]
    assert first.author == "Harbour Budget Watch"
    assert first.link == first.id == f"{BASE}/en/stories/day-20/"
    assert "What" in first.summary
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", first.updated)


def test_feed_addresses_are_the_public_ones_whatever_the_host(site, client):
    StoryPageFactory(parent=site.stories, slug="won")
    feed = feed_of(client, host="localhost")
    addresses = {link.rel: link.href for link in feed.feed.links}
    assert addresses == {
        "alternate": f"{BASE}/en/stories/",
        "self": f"{BASE}/en/stories/feed/",
    }
    assert feed.entries[0].link == f"{BASE}/en/stories/won/"


def test_feed_leaves_out_drafts_and_private_stories(site, client):
    draft, private, _shown = (StoryPageFactory(parent=site.stories) for _number in range(3))
    draft.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert [entry.title for entry in feed_of(client).entries] == [_shown.title]


def test_feed_holds_twenty_stories_of_its_language(site, client, spanish, spanish_home):
    stories = publish_copy(site.stories, spanish)
    publish_copy(StoryPageFactory(parent=site.stories), spanish, title="Ganamos")
    for _number in range(20):
        StoryPageFactory(parent=site.stories)
    assert len(feed_of(client).entries) == 20
    assert [entry.title for entry in feed_of(client, "/es/stories/feed/").entries] == ["Ganamos"]
    assert stories.locale == spanish


def test_feed_is_named_by_every_page(pages, client):
    for page in vars(pages).values():
        link = soup(client.get(page.url)).head.find("link", type="application/atom+xml")
        assert link["href"] == "/en/stories/feed/"


def test_process_says_it_is_well_without_asking_anybody(client, no_database):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_share_image_of_the_site_is_used_where_a_page_has_none(site, client):
    site_settings = SiteSettings.objects.get()
    site_settings.share_image = ImageFactory()
    site_settings.save()
    meta = soup(client.get("/en/training/")).find("meta", property="og:image")
    assert meta["content"].startswith(f"{BASE}/media/images/")


def test_section_is_labelled_by_its_short_title_or_else_its_kind(site, client):
    """The title would say twice what the heading under it says."""
    labels = []
    for menu_title in ("Handbook", ""):
        site.toolkit.menu_title = menu_title
        site.toolkit.save_revision().publish()
        labels.append(soup(client.get(site.toolkit.url)).select_one(".opening .kind").get_text())
    assert labels == ["Handbook", "Toolkit"]

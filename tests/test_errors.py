"""What is not there, and what broke: readers get a page that helps them on."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from wagtail.models import Page

from hub import views
from tests.factories import ChapterPageFactory
from tests.reading import links_in, soup


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


def test_process_says_it_is_well_without_asking_anybody(client, no_database):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]

"""The languages of the hub: where its first address leads, and how each page names the others."""

from wagtail.models import Locale, Page

from tests.reading import BASE, publish_copy, soup
from tests.translating import alias

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

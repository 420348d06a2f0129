"""What stands around every page: menu, footer, pilot strip, breadcrumbs, and the hub's settings."""

from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from hub.models import DisplayZone, FooterLink, SiteSettings
from tests.factories import (
    ChapterPageFactory,
    ImageFactory,
    SessionPageFactory,
    StandardPageFactory,
)
from tests.reading import BASE, links_in, publish_copy, soup


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

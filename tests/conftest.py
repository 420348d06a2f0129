import gc
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from wagtail.models import Locale, Page, Site

from hub import languages
from hub.models import DisplayZone, FooterLink, SiteSettings
from tests import factories, reading

# Python looks for what nobody refers to so often that it is a tenth of the time tests take.
gc.set_threshold(100_000, 50, 50)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@pytest.fixture
def private_folder(settings, tmp_path):
    """The folder of the private storage, which is this test's own."""
    folder = tmp_path / "private"
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "base_url": None},
    }
    settings.STORAGES = settings.STORAGES | {"private": storage}
    return folder


@pytest.fixture(autouse=True)
def _source_language():
    """A request leaves its language behind; no test starts with another's."""
    translation.activate(settings.LANGUAGE_CODE)
    languages.set_reader_language("")


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch):
    # A test's transaction is never committed; what waits for that happens at once.
    monkeypatch.setattr("hub.caching.on_commit", lambda function: function())
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def site(db):
    """A hub with a home page and all its sections, and nothing in them yet."""
    Page.objects.filter(depth=2).update(slug="welcome", url_path="/welcome/")
    home = factories.HomePageFactory(parent=Page.get_first_root_node(), slug="home")
    wagtail_site = Site.objects.get(is_default_site=True)
    wagtail_site.root_page, wagtail_site.site_name = home, "Plain Tender"
    wagtail_site.save()
    toolkit = factories.ToolkitPageFactory(parent=home, show_in_menus=True)
    sections = SimpleNamespace(
        home=home,
        toolkit=toolkit,
        templates=factories.TemplateIndexPageFactory(parent=toolkit),
        training=factories.TrainingIndexPageFactory(parent=home, show_in_menus=True),
        funding=factories.FundPageFactory(parent=home, show_in_menus=True),
        stories=factories.StoryIndexPageFactory(parent=home, show_in_menus=True),
        contact=factories.ContactPageFactory(parent=home, slug="contact"),
        locale=Locale.get_default(),
    )
    site_settings = SiteSettings.for_site(wagtail_site)
    site_settings.contact_page = sections.contact
    site_settings.display_zones = [
        DisplayZone(zone=zone, sort_order=i)
        for i, zone in enumerate(["UTC", "Africa/Nairobi", "Asia/Kathmandu"])
    ]
    site_settings.footer_links = [FooterLink(column="help", page=sections.contact, sort_order=0)]
    site_settings.save()
    return sections


@pytest.fixture
def pages(site):
    return reading.one_of_each_kind(site)


@pytest.fixture
def spanish(db):
    return Locale.objects.create(language_code="es")


@pytest.fixture
def spanish_home(site, spanish):
    words = {"title": "Licitación clara", "pilot_strip": "Es un piloto."}
    return reading.publish_copy(site.home, spanish, **words)

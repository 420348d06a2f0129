"""What machines read of the hub: sitemap, robots.txt and the feed of stories."""

import re
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from hub import sitemaps
from tests.factories import StandardPageFactory, StoryPageFactory
from tests.reading import BASE, publish_copy, soup
from tests.translating import alias

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

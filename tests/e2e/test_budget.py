"""What a first visit costs on a metered line."""

import gzip
import urllib.request

import pytest

CHAPTER = "/en/toolkit/understand-your-context/map-supporters-and-detractors/"


def test_chapter_is_three_requests_besides_pictures(page):
    asked = []
    page.on("request", lambda sent: asked.append((sent.resource_type, sent.url)))
    page.goto(CHAPTER)
    page.wait_for_load_state("networkidle")
    besides_pictures = [kind for kind, url in asked if kind != "image" and "icon.svg" not in url]
    assert sorted(besides_pictures) == ["document", "script", "stylesheet"]


def test_chapter_weighs_at_most_60_kilobytes_compressed(hub):
    total = 0
    for address in [CHAPTER, "/static/hub/hub.css", "/static/hub/hub.js"]:
        with urllib.request.urlopen(hub + address) as response:
            total += len(gzip.compress(response.read()))
    assert total <= 60_000


@pytest.mark.parametrize(("name", "most"), [("hub.css", 45_000), ("hub.js", 15_000)])
def test_styles_and_scripts_stay_small(hub, name, most):
    with urllib.request.urlopen(f"{hub}/static/hub/{name}") as response:
        assert len(response.read()) <= most


def test_no_page_sets_a_cookie_or_keeps_anything(page, addresses):
    for address in addresses:
        page.goto(address)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.context.cookies() == []

"""Setting the hub up on PostgreSQL, Redis and S3, and walking through all of it."""

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tests.stack.installation import HOST


def in_sitemap(hub) -> list[str]:
    """The path of every page of every language."""
    paths, found = ["/sitemap.xml"], []
    while paths:
        for address in re.findall("<loc>([^<]+)</loc>", hub.get(paths.pop()).text):
            parts = urlsplit(address)
            assert (parts.scheme, parts.netloc) == ("https", HOST)
            is_part = parts.path.endswith(".xml")
            (paths if is_part else found).append(f"{parts.path}?{parts.query}".rstrip("?"))
    return found


def test_migrations_from_nothing_leave_nothing_to_do(hub):
    hub.manage("migrate", "--check")
    assert hub.manage("makemigrations", "--check", "--dry-run") == "No changes detected\n"


def test_deployment_check_passes_with_every_variable_set(hub):
    output = hub.manage("check", "--deploy", "--fail-level", "WARNING", "--database", "default")
    assert output == "System check identified no issues (1 silenced).\n"


def test_every_page_of_the_sitemap_answers_with_its_pictures(hub, stack, fetch):
    paths = in_sitemap(hub)
    assert len(paths) > 30
    pictures, downloads, failed = set(), set(), []
    for path in paths:
        page = hub.get(path)
        if page.status != 200:
            failed.append((path, page.status))
        html = BeautifulSoup(page.text, "html.parser")
        assert html.h1, path
        pictures |= {image["src"] for image in html.main.find_all("img")}
        downloads |= {link["href"] for link in html.find_all("a", href=re.compile("/download/"))}
    assert failed == []

    assert pictures
    assert all(address.startswith(stack.swift.endpoint) for address in pictures)
    answers = {address: fetch(address) for address in pictures}
    assert {
        (status, headers.get_content_maintype()) for status, headers, _ in answers.values()
    } == {(200, "image")}
    assert downloads
    for path in sorted(downloads):
        status, headers, _content = fetch(hub.get(path).headers["Location"])
        assert status == 200
        assert headers.get_content_disposition() == "attachment"


def test_pages_let_the_browser_load_pictures_from_the_storage(hub, stack):
    policy = hub.get("/en/").headers["Content-Security-Policy"]
    (sources,) = re.findall("img-src ([^;]+)", policy)
    assert stack.swift.endpoint in sources.split()


def test_styles_and_scripts_come_from_the_hub(hub):
    html = BeautifulSoup(hub.get("/en/").text, "html.parser")
    sheets = [link["href"] for link in html.find_all("link", rel="stylesheet")]
    assert sheets
    for path in sheets + [script["src"] for script in html.find_all("script", src=True)]:
        answer = hub.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_search_finds_what_is_in_the_demo(hub):
    assert "<mark>" in hub.get("/en/search/?q=suppliers").text

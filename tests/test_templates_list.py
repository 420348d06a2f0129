"""The template list: its filters, their counts, and what it says when nothing fits."""

import re

import pytest

from tests import factories
from tests.factories import add_file, add_topics, use_template


@pytest.fixture
def shelf(site):
    """Two templates: a brief of step 1 in English and Spanish, a plan of step 2 in English."""
    first = factories.ChapterPageFactory(parent=site.toolkit, title="Understand")
    second = factories.ChapterPageFactory(parent=site.toolkit, title="Plan")
    inner = factories.ChapterPageFactory(parent=second, title="Inner")
    brief = factories.TemplatePageFactory(parent=site.templates, title="Context brief")
    plan = factories.TemplatePageFactory(parent=site.templates, title="Campaign plan")
    add_file(brief, language="en")
    add_file(brief, language="es")
    add_file(plan, language="en")
    use_template(first, brief)
    use_template(inner, plan)
    add_topics(brief, factories.TopicFactory(title="Context", slug="context"))
    add_topics(plan, factories.TopicFactory(title="Planning", slug="planning"))
    return site.templates


def listed(client, page, query=""):
    html = client.get(page.url + query).content.decode()
    return re.findall(r"<h2><a href=\"[^\"]+\">([^<]+)</a></h2>", html)


def counts(client, page, query=""):
    html = client.get(page.url + query).content.decode()
    rows = re.findall(
        r'name="(\w+)" value="([^"]+)"[^>]*><span>[^<]*</span><span class="num">(\d+)</span>', html
    )
    return {f"{name}={value}": int(number) for name, value, number in rows}


def test_list_shows_everything_in_the_order_of_the_tree(shelf, client):
    assert listed(client, shelf) == ["Context brief", "Campaign plan"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?language=es", ["Context brief"]),
        ("?language=en", ["Context brief", "Campaign plan"]),
        ("?language=en&language=es", ["Context brief", "Campaign plan"]),
        ("?step=1", ["Context brief"]),
        ("?step=2", ["Campaign plan"]),
        ("?topic=planning", ["Campaign plan"]),
        ("?type=text", ["Context brief", "Campaign plan"]),
        ("?language=es&step=2", []),
    ],
)
def test_filters_narrow_the_list(shelf, client, query, titles):
    assert listed(client, shelf, query) == titles


def test_counts_say_what_each_choice_would_leave(shelf, client):
    assert counts(client, shelf) == {
        "language=en": 2,
        "language=es": 1,
        "step=1": 1,
        "step=2": 1,
        "type=text": 2,
        "topic=context": 1,
        "topic=planning": 1,
    }


def test_counts_follow_the_other_filters(shelf, client):
    found = counts(client, shelf, "?language=es")
    assert found["step=2"] == 0
    assert found["language=en"] == 2
    html = client.get(shelf.url + "?language=es").content.decode()
    assert re.search(r'name="step" value="2" disabled', html)
    assert re.search(r'name="language" value="es" checked', html)


@pytest.mark.parametrize(
    "query", ["?language=xx", "?step=99", "?type=<b>", "?topic=%00", "?type=text&type=exe"]
)
def test_unknown_filter_is_ignored_and_said_so(shelf, client, query):
    response = client.get(shelf.url + query)
    assert response.status_code == 200
    html = response.content.decode()
    assert "it was left out" in html
    assert "<b>" not in html.partition("<main")[2].partition("it was left out")[0]
    assert listed(client, shelf, query) == ["Context brief", "Campaign plan"]


def test_nothing_fits_offers_a_way_on(shelf, client):
    html = client.get(shelf.url + "?language=es&step=2").content.decode()
    assert "No template fits these filters." in html
    assert "Show all templates" in html
    assert (
        f"/en/contact/?about={shelf.url.replace('/', '%2F')}" in html
        or "/en/contact/?about=/en/" in html
    )


def test_draft_template_is_not_listed(shelf, client, site):
    factories.TemplatePageFactory(parent=site.templates, title="Draft", live=False)
    assert "Draft" not in listed(client, shelf)


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "999999999999999999999"])
def test_page_number_that_does_not_exist_is_the_help_page(site, client, page):
    factories.StoryPageFactory(parent=site.stories)
    factories.SessionPageFactory(parent=site.training)
    assert client.get(f"{site.stories.url}?page={page}").status_code == 404
    assert client.get(f"{site.training.url}?page={page}").status_code == 404


def test_story_list_has_pages(site, client):
    for _number in range(13):
        factories.StoryPageFactory(parent=site.stories)
    first = client.get(site.stories.url).content.decode()
    second = client.get(f"{site.stories.url}?page=2").content.decode()
    assert first.count("<article") == 12
    assert second.count("<article") == 1
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second


def test_template_with_several_files_links_to_each_of_them(shelf, client):
    """The button of a row brings the first file only."""
    html = client.get(shelf.url).content.decode()
    rows = re.findall(r'<p class="details-line">.*?</p>', html, re.DOTALL)
    assert [re.findall(r'href="[^"]*/(download/[^"]+)"', row) for row in rows] == [
        ["download/en-docx/", "download/es-docx/"],
        [],
    ]

"""The content of the demo is whole: toolkit, sessions and stories, and every link between them."""

import re
import tomllib
from collections import Counter

import pytest
from wagtail.models import Page, ReferenceIndex

from home.models import StoryPage
from home.templatetags.home_tags import related_stories
from tests.demo.parts import PAGES, of
from toolkit.models import ChapterPage
from toolkit.outline import outline_of
from training.models import Format, Level, SessionPage

pytestmark = pytest.mark.xdist_group("demo")


def test_demo_search_and_references_are_indexed():
    story = StoryPage.objects.get(slug="the-hospital-price-list", locale__language_code="es")
    assert story in StoryPage.objects.search(story.title)
    users = ReferenceIndex.get_references_to(story.image).values_list("object_id", flat=True)
    assert str(story.pk) in users


def test_demo_leaves_the_page_tree_whole():
    assert Page.find_problems() == ([], [], [], [], [])


def test_demo_has_the_whole_toolkit():
    outline = outline_of(of(Page).get(slug="toolkit").specific)
    assert [entry.number for entry in outline.steps] == ["1", "2", "3", "4"]
    assert sum(len(step.children) for step in outline.steps) >= 9
    assert len(outline.openings) == 1
    assert len(outline.stalls) == 1


def test_demo_chapters_are_long_enough_to_work_with():
    lengths = {
        chapter.slug: len(" ".join(chapter.searchable_parts()).split())
        for chapter in of(ChapterPage)
        if chapter.part != "step" or chapter.depth == 5
    }
    assert {slug: words for slug, words in lengths.items() if words < 500} == {}


def test_demo_sessions_cover_levels_formats_past_and_future():
    sessions = of(SessionPage).live()
    assert sessions.count() == 8
    assert set(sessions.values_list("format__slug", flat=True)) == set(
        of(Format).values_list("slug", flat=True)
    )
    assert set(sessions.exclude(level=None).values_list("level__slug", flat=True)) == set(
        of(Level).values_list("slug", flat=True)
    )
    assert sessions.upcoming().count() == 4
    assert all(session.write_up and session.recording_url for session in sessions.past())


def test_demo_agendas_add_up_to_the_length_of_the_session():
    wrong = {
        session.slug: (sum(item.value["minutes"] for item in session.agenda), session.minutes)
        for session in of(SessionPage)
        if sum(item.value["minutes"] for item in session.agenda) != session.minutes
    }
    assert wrong == {}


def test_demo_has_six_stories_and_their_pictures():
    stories = of(StoryPage).live()
    assert stories.count() == 6
    assert all(story.image and story.image_alt for story in stories)


def test_demo_pages_that_end_with_stories_have_some():
    bare = [
        page.slug
        for page in Page.objects.live().filter(depth__gt=1).specific()
        if page.story_panels[0] in page.content_panels and not related_stories(page)
    ]
    assert bare == []


def test_demo_pages_are_all_reachable(client):
    broken = {
        page.url: client.get(page.url).status_code
        for page in Page.objects.live().filter(depth__gt=1)
    }
    assert set(broken.values()) == {200}


def test_demo_links_between_pages_all_lead_somewhere(client):
    """Every internal link on every demo page, followed once."""
    links = Counter()
    for page in Page.objects.live().filter(depth__gt=1):
        html = client.get(page.url).content.decode()
        links.update(re.findall(r'href="(/[^"#?]*)', html))
        assert "<a>" not in html
    broken = {}
    for link in links:
        if not link.startswith(("/static/", "/media/")):
            response = client.get(link)
            if response.streaming:
                response.getvalue()  # to the end, where the test client closes the file
            if response.status_code != 200:
                broken[link] = response.status_code
    assert broken == {}


def test_demo_names_invented_evidence_as_such():
    for path in PAGES:
        for block in tomllib.loads(path.read_text("utf-8")).get("body", []):
            if block["type"] == "evidence" and "country" in block["value"]:
                assert block["value"]["invented"] is True, path.name


def test_demo_launch_call_shows_its_time_in_four_cities(client):
    html = client.get("/en/training/launch-community-call/").content.decode()
    facts = re.findall(r"<dt>([^<]+)</dt><dd class=\"num\">(\w+) ([\d:]+)", html)
    assert [(city, time) for city, _day, time in facts] == [
        ("New York", "10:30"),
        ("UTC", "14:30"),
        ("Nairobi", "17:30"),
        ("Kathmandu", "20:15"),
    ]

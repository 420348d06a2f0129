"""What each page costs the database, warm: the caches filled and the frame of the page remembered.

The counts are literal, and the same with one item in a list and with many. A count that grows is a
finding, not a number to raise.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.blocks import StreamValue

from tests import factories
from tests.asking import make_decided, open_fund
from tests.factories import add_file, add_topics, use_template


def warm(client, page, django_assert_num_queries, count, query=""):
    address = page.url + query
    assert client.get(address).status_code == 200
    with django_assert_num_queries(count):
        client.get(address)


@pytest.fixture
def topic(site):
    return factories.TopicFactory()


@pytest.fixture
def stories(site, topic):
    made = []
    for _number in range(3):
        story = factories.StoryPageFactory(
            parent=site.stories, image=factories.ImageFactory(), image_alt="A register"
        )
        add_topics(story, topic)
        made.append(story)
    return made


def full_body(links):
    """A body with every block that refers to something else, some of them twice."""
    country = factories.CountryFactory()
    evidence = {
        "claim": "More firms bid.",
        "author": "Audit Chamber",
        "title": "Who bids?",
        "year": 2020,
        "country": country,
    }
    image = factories.ImageFactory()
    picture = {
        "image": {"image": image.pk, "alt_text": "A map", "decorative": False},
        "caption": "",
    }
    return [
        *factories.BODY,
        ("evidence", evidence),
        ("evidence", evidence),
        ("page_cards", links),
        ("raw", picture),
    ]


def set_body(page, rows):
    block = type(page)._meta.get_field("body").stream_block
    raw = []
    for name, value in rows:
        if name == "raw":
            raw.append({"type": "image", "value": value})
        else:
            raw.append(
                {
                    "type": name,
                    "value": block.child_blocks[name].get_prep_value(
                        block.child_blocks[name].normalize(value)
                    ),
                }
            )
    page.body = StreamValue(block, raw, is_lazy=True)
    page.save()


@pytest.mark.parametrize("items", [1, 3])
def test_chapter_page_queries(site, client, topic, stories, items, django_assert_num_queries):
    step = factories.ChapterPageFactory(parent=site.toolkit)
    chapter = factories.ChapterPageFactory(parent=step)
    add_topics(chapter, topic)
    for _number in range(items):
        other = factories.ChapterPageFactory(parent=step)
        chapter.prerequisites.create(chapter=other, text="Notes", locale=chapter.locale)
        template = factories.TemplatePageFactory(parent=site.templates)
        add_file(template)
        use_template(chapter, template)
    warm(client, chapter, django_assert_num_queries, 10)


@pytest.mark.parametrize("items", [1, 3])
def test_session_page_queries(site, client, topic, stories, items, django_assert_num_queries):
    session = factories.SessionPageFactory(parent=site.training, level=factories.LevelFactory())
    add_topics(session, *[factories.TopicFactory() for _number in range(items)])
    warm(client, session, django_assert_num_queries, 9)


@pytest.mark.parametrize("items", [1, 3])
def test_template_page_queries(site, client, topic, stories, items, django_assert_num_queries):
    template = factories.TemplatePageFactory(parent=site.templates)
    add_topics(template, topic)
    for extension_language in ["en", "es", "fr"][:items]:
        add_file(template, language=extension_language)
        chapter = factories.ChapterPageFactory(parent=site.toolkit)
        use_template(chapter, template)
    warm(client, template, django_assert_num_queries, 7)


@pytest.mark.parametrize("items", [1, 3])
def test_story_page_queries(site, client, topic, stories, items, django_assert_num_queries):
    story = stories[0]
    for _number in range(items):
        story.country_links.create(country=factories.CountryFactory(), locale=story.locale)
        story.credits.create(role="Story", name="The group", locale=story.locale)
        story.tools.create(target=factories.ChapterPageFactory(parent=site.toolkit))
    warm(client, story, django_assert_num_queries, 9)


def test_body_with_every_chooser_stays_within_the_bound(site, client, django_assert_num_queries):
    page = factories.StandardPageFactory(parent=site.home)
    set_body(page, full_body([site.stories, site.training]))
    warm(client, page, django_assert_num_queries, 8)


@pytest.mark.parametrize("items", [3, 48])
def test_story_list_queries(site, client, items, django_assert_num_queries):
    for _number in range(items):
        factories.StoryPageFactory(parent=site.stories)
    warm(client, site.stories, django_assert_num_queries, 4)


@pytest.mark.parametrize("items", [3, 48])
def test_template_list_queries(site, client, items, topic, django_assert_num_queries):
    step = factories.ChapterPageFactory(parent=site.toolkit)
    for _number in range(items):
        template = factories.TemplatePageFactory(parent=site.templates)
        add_file(template)
        add_topics(template, topic)
        use_template(step, template)
    warm(client, site.templates, django_assert_num_queries, 8)
    warm(client, site.templates, django_assert_num_queries, 8, "?type=text&topic=" + topic.slug)


@pytest.mark.parametrize("items", [3, 48])
def test_session_list_queries(site, client, items, django_assert_num_queries):
    for number in range(items):
        days = number + 1 if number % 2 else -number - 1
        factories.SessionPageFactory(
            parent=site.training,
            starts_at=timezone.now() + timedelta(days=days),
            level=factories.LevelFactory(),
        )
    warm(client, site.training, django_assert_num_queries, 11)


@pytest.mark.parametrize("items", [3, 48])
def test_toolkit_overview_queries(site, client, items, django_assert_num_queries):
    for _number in range(items):
        step = factories.ChapterPageFactory(parent=site.toolkit)
        factories.ChapterPageFactory(parent=step)
    warm(client, site.toolkit, django_assert_num_queries, 5)


@pytest.mark.parametrize("items", [3, 48])
def test_home_page_queries(site, client, items, django_assert_num_queries):
    for _number in range(items):
        factories.StoryPageFactory(parent=site.stories)
        factories.SessionPageFactory(parent=site.training)
        factories.ChapterPageFactory(parent=site.toolkit)
    warm(client, site.home, django_assert_num_queries, 6)


@pytest.mark.parametrize("items", [1, 6])
def test_fund_page_queries(site, client, items, django_assert_num_queries):
    fund = open_fund(site, *[{}] * items)
    for number in range(items):
        make_decided(fund.form, f"a{number}")
        factories.RequestQuestionFactory(page=fund.form)
    warm(client, fund.page, django_assert_num_queries, 9, "?check=on")


@pytest.mark.parametrize("items", [1, 3])
def test_past_grants_queries(site, client, items, django_assert_num_queries):
    fund = open_fund(site)
    for number in range(items):
        make_decided(fund.form, f"a{number}", is_confidential=number == 2)
    warm(client, fund.awards, django_assert_num_queries, 5)
    for name, count in (("awards-csv", 4), ("figures-csv", 4)):
        with django_assert_num_queries(count):
            client.get(f"{fund.awards.url}{name}/")


def test_contact_page_queries(site, client, django_assert_num_queries):
    warm(client, site.contact, django_assert_num_queries, 3)


def test_page_not_found_queries(site, client, django_assert_num_queries):
    client.get("/en/nothing/here/")
    with django_assert_num_queries(4):
        assert client.get("/en/nothing/here/").status_code == 404

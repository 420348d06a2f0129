"""What search engines and link previews are told: JSON-LD and Open Graph."""

import json
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from hub.models import SiteSettings
from tests.factories import (
    ChapterPageFactory,
    ImageFactory,
    SessionPageFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
)

BASE = "http://127.0.0.1:8000"

# The terms of schema.org we use, type by type, with those of the types above it (checked against
# the vocabulary as published in the npm package schema-dts 2.1.0), and what each is to be.
THING = {"@id": "address", "url": "address", "name": "text", "description": "text"}
WORK = THING | {
    "inLanguage": "language",
    "dateModified": "moment",
    "datePublished": "moment",
    "headline": "text",
    "isAccessibleForFree": "truth",
    "author": "Organization",
    "image": "address",
    "timeRequired": "duration",
}
TERMS = {
    "WebPage": WORK,
    "Article": WORK,
    "FAQPage": WORK | {"mainEntity": "Question"},
    "Question": WORK | {"acceptedAnswer": "Answer"},
    "Answer": WORK | {"text": "text"},
    "EducationEvent": THING
    | {
        "startDate": "moment",
        "endDate": "moment",
        "eventAttendanceMode": "address",
        "eventStatus": "address",
        "isAccessibleForFree": "truth",
        "inLanguage": "language",
        "location": "VirtualLocation",
        "organizer": "Organization",
    },
    "VirtualLocation": THING,
    "Organization": THING,
    "BreadcrumbList": THING | {"itemListElement": "ListItem"},
    "ListItem": THING | {"position": "number", "item": "address"},
}


def wrong_terms(node: dict) -> list[str]:
    """Everything in the node and those within it that is not as the vocabulary has it."""
    kind = node.get("@type")
    if kind not in TERMS:
        return [f"unknown type {kind}"]
    problems = []
    for name, values in node.items():
        if name == "@type":
            continue
        wanted = TERMS[kind].get(name)
        if wanted is None:
            problems.append(f"{kind} has no {name}")
            continue
        for value in values if isinstance(values, list) else [values]:
            if wanted in TERMS:
                problems += wrong_terms(value)
                if value.get("@type") != wanted:
                    problems.append(f"{kind}.{name} is {value.get('@type')}")
            elif not fits(value, wanted):
                problems.append(f"{kind}.{name} is {value!r}")
    return problems


def fits(value, wanted: str) -> bool:
    if wanted == "truth":
        return value in {True, False} and isinstance(value, bool)
    if wanted == "number":
        return isinstance(value, int) and value > 0
    if not isinstance(value, str) or not value:
        return False
    if wanted == "address":
        return value.startswith((f"{BASE}/", "https://")) and " " not in value
    if wanted == "moment":
        return bool(datetime.fromisoformat(value))
    if wanted == "language":
        return value in {"en", "es", "fr", "ar"}
    if wanted == "duration":
        return value.startswith("PT")
    return wanted == "text"


def soup(client, page) -> BeautifulSoup:
    return BeautifulSoup(client.get(page.url).content, "html.parser")


def graph_of(client, page) -> list[dict]:
    (block,) = soup(client, page).find_all("script", type="application/ld+json")
    data = json.loads(block.string)
    assert set(data) == {"@context", "@graph"}
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def faq(question, answer) -> tuple:
    return ("faq", {"question": question, "answer": answer, "evidence": ""})


@pytest.fixture
def chapter(site):
    step = ChapterPageFactory(parent=site.toolkit, title="Understand", slug="understand")
    return ChapterPageFactory(
        parent=step,
        title="Read the system",
        slug="read",
        minutes=40,
        faqs=[
            faq("“It slows us down.”", "<p>Only <b>at first</b>.</p><p>Then it is quicker.</p>"),
            faq("Is it dear?", "<ul><li>No</li></ul>"),
        ],
    )


@pytest.fixture
def session(site):
    return SessionPageFactory(
        parent=site.training,
        title="Community call",
        starts_at=datetime(2022, 3, 22, 14, 30, tzinfo=UTC),
        ends_at=datetime(2022, 3, 22, 16, 0, tzinfo=UTC),
        zone="America/New_York",
        language="es",
    )


@pytest.fixture
def story(site):
    return StoryPageFactory(
        parent=site.stories, title="How it went", date=date(2021, 5, 4), image=ImageFactory()
    )


@pytest.fixture
def about(site):
    return StandardPageFactory(parent=site.home, title="About", slug="about")


@pytest.fixture
def every_page(site, chapter, session, story, about):
    sections = [page for page in vars(site).values() if hasattr(page, "kind_name")]
    return [*sections, chapter, session, story, about, TemplatePageFactory(parent=site.templates)]


def test_structured_data_uses_the_vocabulary_as_it_is(every_page, client):
    assert {
        page.title: problems
        for page in every_page
        if (problems := [p for node in graph_of(client, page) for p in wrong_terms(node)])
    } == {}


def test_structured_data_of_every_page_names_it_first(every_page, client):
    for page in every_page:
        node = graph_of(client, page)[0]
        assert node["@id"] == node["url"] == f"{BASE}{page.url}"
        assert node["name"] == page.title
        assert node["description"] == page.summary


def test_structured_data_of_a_standard_page(about, client):
    assert graph_of(client, about) == [
        {
            "@type": "WebPage",
            "@id": f"{BASE}/en/about/",
            "url": f"{BASE}/en/about/",
            "name": "About",
            "inLanguage": "en",
            "description": "What this page is for.",
            "dateModified": about.last_published_at.isoformat(),
        }
    ]


def test_structured_data_of_a_chapter(chapter, client):
    article, questions, breadcrumb = graph_of(client, chapter)
    assert article["@type"] == "Article"
    assert article["headline"] == "Read the system"
    assert article["timeRequired"] == "PT40M"
    assert article["datePublished"] == chapter.first_published_at.isoformat()
    assert article["dateModified"] == chapter.last_published_at.isoformat()
    assert questions["@type"] == "FAQPage"
    assert [(item["name"], item["acceptedAnswer"]["text"]) for item in questions["mainEntity"]] == [
        ("“It slows us down.”", "Only at first. Then it is quicker."),
        ("Is it dear?", "No"),
    ]
    assert breadcrumb["@type"] == "BreadcrumbList"
    assert [
        (item["position"], item["name"], item["item"]) for item in breadcrumb["itemListElement"]
    ] == [
        (1, "Four steps", f"{BASE}/en/toolkit/"),
        (2, "Understand", f"{BASE}/en/toolkit/understand/"),
        (3, "Read the system", f"{BASE}/en/toolkit/understand/read/"),
    ]


def test_structured_data_of_a_chapter_without_questions_names_none(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit, minutes=None)
    nodes = graph_of(client, chapter)
    assert [node["@type"] for node in nodes] == ["Article", "BreadcrumbList"]
    assert "timeRequired" not in nodes[0]


def test_structured_data_of_a_session_has_the_times_of_its_zone(session, client):
    event = graph_of(client, session)[0]
    assert event["@type"] == "EducationEvent"
    assert event["startDate"] == "2022-03-22T10:30:00-04:00"
    assert event["endDate"] == "2022-03-22T12:00:00-04:00"
    assert event["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["inLanguage"] == "es"
    assert event["location"] == {"@type": "VirtualLocation", "url": f"{BASE}{session.url}"}
    assert event["organizer"] == {"@type": "Organization", "name": "Plain Tender"}


def test_structured_data_of_a_story(story, client):
    article = graph_of(client, story)[0]
    assert article["@type"] == "Article"
    assert article["datePublished"] == "2021-05-04"
    assert article["author"] == [{"@type": "Organization", "name": "Harbour Budget Watch"}]
    assert article["image"] == soup(client, story).find("meta", property="og:image")["content"]


def test_structured_data_of_a_story_by_nobody_in_particular(site, client):
    story = StoryPageFactory(parent=site.stories, organisation="")
    article = graph_of(client, story)[0]
    assert article["author"] == [{"@type": "Organization", "name": "The hub team"}]
    assert "image" not in article


def test_structured_data_of_a_page_never_published_leaves_the_dates_out(site, client):
    """Imported pages may be live without ever having been published in the admin."""
    chapter = ChapterPageFactory(
        parent=site.toolkit, first_published_at=None, last_published_at=None
    )
    article = graph_of(client, chapter)[0]
    assert article.keys().isdisjoint({"datePublished", "dateModified"})


def test_structured_data_cuts_a_long_headline(site, client):
    story = StoryPageFactory(parent=site.stories, title="a" * 200)
    assert graph_of(client, story)[0]["headline"] == "a" * 110


NASTY = '</script><script>alert("x")</script><!-- & \u2028 it’s'


def test_structured_data_cannot_be_broken_out_of(site, client):
    story = StoryPageFactory(
        parent=site.stories, title=NASTY, summary=NASTY, organisation=NASTY, slug="nasty"
    )
    html = client.get(story.url).content.decode()
    block = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert set("<>&").isdisjoint(block)
    article = json.loads(block)["@graph"][0]
    assert article["name"] == article["description"] == NASTY
    assert article["author"][0]["name"] == NASTY
    scripts = BeautifulSoup(html, "html.parser").find_all("script")
    assert [script.get("type") for script in scripts if "alert" in (script.string or "")] == [
        "application/ld+json"
    ]


def test_structured_data_of_answers_is_plain_text(site, client):
    answer = '<p>See <a href="https://example.org">the law</a> &amp; ask.</p><ul><li>One</li><li>Two</li></ul>'
    chapter = ChapterPageFactory(parent=site.toolkit, faqs=[faq("How?", answer)])
    (question,) = graph_of(client, chapter)[1]["mainEntity"]
    assert question["acceptedAnswer"]["text"] == "See the law & ask. One Two"


def test_structured_data_is_left_out_where_there_is_no_page(site, client):
    for address in ("/en/nothing-here/", "/en/search/"):
        html = BeautifulSoup(client.get(address).content, "html.parser")
        assert html.find("script", type="application/ld+json") is None


# Link previews


def previews_of(client, page) -> dict[str, str]:
    metas = soup(client, page).head.find_all(
        "meta", property=lambda name: name and name.startswith("og:")
    )
    names = [meta["property"] for meta in metas]
    assert len(names) == len(set(names))
    return {meta["property"]: meta["content"] for meta in metas}


@pytest.fixture
def share_image(site):
    site_settings = SiteSettings.objects.get()
    site_settings.share_image = ImageFactory(title="The hub")
    site_settings.save()
    return site_settings.share_image


def test_link_preview_of_every_page_is_complete(every_page, share_image, client):
    for page in every_page:
        found = previews_of(client, page)
        found.pop("og:image:alt", None)
        image = found.pop("og:image")
        assert image.startswith(f"{BASE}/media/images/")
        assert found == {
            "og:type": "article" if page.kind_name in {"Toolkit chapter", "Story"} else "website",
            "og:url": f"{BASE}{page.url}",
            "og:title": page.title,
            "og:description": page.summary,
            "og:site_name": "Plain Tender",
            "og:locale": "en",
        }


def test_link_preview_shows_a_picture_that_exists(about, share_image, client, settings):
    address = previews_of(client, about)["og:image"].removeprefix(f"{BASE}{settings.MEDIA_URL}")
    with Image.open(settings.MEDIA_ROOT / address) as picture:
        # The factory's picture is smaller than what is asked for, and is not blown up.
        assert picture.format == "PNG"
        assert round(picture.width / picture.height, 1) == 1.9


def test_link_preview_without_any_picture_names_none(about, client):
    assert "og:image" not in previews_of(client, about)


def test_link_preview_of_a_story_shows_its_own_picture(story, share_image, client):
    story.image_alt = "A hall full of people"
    story.save_revision().publish()
    found = previews_of(client, story)
    own = story.image.get_rendition("fill-1200x630|format-png")
    assert found["og:image"] == f"{BASE}{own.url}"
    assert found["og:image:alt"] == "A hall full of people"


def test_link_preview_shows_the_picture_chosen_for_the_page(every_page, share_image, client):
    chosen = ImageFactory(title="For this page")
    expected = f"{BASE}{chosen.get_rendition('fill-1200x630|format-png').url}"
    for page in every_page:
        page.share_image = chosen
        page.save_revision().publish()
        assert (page.title, previews_of(client, page)["og:image"]) == (page.title, expected)


def test_link_preview_prefers_what_was_written_for_search_engines(about, client):
    about.search_description = "In other words."
    about.save_revision().publish()
    assert previews_of(client, about)["og:description"] == "In other words."
    description = soup(client, about).find("meta", attrs={"name": "description"})
    assert description["content"] == "In other words."


def test_pictures_kept_elsewhere_have_their_own_address(story, share_image, client, settings):
    """With S3 a picture's address is absolute already."""
    settings.MEDIA_URL = "https://files.example.org/"
    found = previews_of(client, story)["og:image"]
    assert found.startswith("https://files.example.org/images/")
    assert graph_of(client, story)[0]["image"] == found


def test_picture_whose_file_is_lost_is_named_nowhere_and_breaks_no_page(story, share_image, client):
    for image in (story.image, share_image):
        image.file.storage.delete(image.file.name)
    for page in (story, story.get_parent()):
        assert "og:image" not in previews_of(client, page)
    assert "image" not in graph_of(client, story)[0]

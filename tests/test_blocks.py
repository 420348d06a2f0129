"""The blocks of bodies: what an editor needs to choose one, and what a reader gets."""

import inspect
import json

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import Block, StreamBlock, StreamValue
from wagtail.rich_text import RichText

import home.blocks
import hub.blocks
import training.blocks
from hub.blocks import (
    BodyBlock,
    DiscussionGuideBlock,
    EmbedBlock,
    EvidenceBlock,
    FAQBlock,
)
from hub.caching import forget_everything
from hub.fields import StreamField
from tests.factories import (
    ChapterPageFactory,
    CountryFactory,
    DocumentFactory,
    ImageFactory,
    StandardPageFactory,
    StoryPageFactory,
)

# Parts of other blocks or whole bodies, which no editor chooses from a list.
NOT_CHOSEN = {"StepBlock", "TextBlock"}


def choosable_blocks() -> dict[str, Block]:
    """Every block an editor can add to some page, by where it is found."""
    return {
        f"{model.__name__}.{field.name}.{name}": block
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, StreamField) and field.model is model
        for name, block in field.stream_block.child_blocks.items()
    }


CHOOSABLE = choosable_blocks()
ONE_OF_EACH = {(type(block), block.name): block for block in CHOOSABLE.values()}.values()


def soup(html) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def body_of(client, page) -> BeautifulSoup:
    """The body of a standard page, without what the page itself puts around it."""
    return soup(client.get(page.url).content).select_one("main .flow")


def words(html) -> str:
    return " ".join(soup(html).get_text(" ").split())


def test_blocks_of_the_code_can_all_be_chosen_somewhere():
    defined = {
        cls.__name__
        for module in (hub.blocks, home.blocks, training.blocks)
        for _name, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, Block) and cls.__module__ == module.__name__
        if not issubclass(cls, StreamBlock)
    }
    used = {cls.__name__ for block in CHOOSABLE.values() for cls in type(block).__mro__}
    assert defined - used == NOT_CHOSEN


@pytest.mark.parametrize("place", CHOOSABLE)
def test_block_says_what_it_is(place):
    block = CHOOSABLE[place]
    assert block.meta.icon != "placeholder"
    assert block.label
    assert str(block.label) != block.name
    description = str(block.get_description())
    assert len(description) > 15
    assert description.endswith(".")


@pytest.mark.parametrize("place", CHOOSABLE)
def test_block_has_its_own_template_that_exists(place):
    block = CHOOSABLE[place]
    assert block.meta.template.startswith("blocks/")
    get_template(block.meta.template)


@pytest.fixture
def preview(site, admin_client):
    def fetch(block) -> BeautifulSoup:
        address = reverse("wagtailadmin_block_preview")
        response = admin_client.get(address, {"id": block.definition_prefix})
        assert response.status_code == 200
        return soup(response.content)

    return fetch


@pytest.mark.parametrize("block", ONE_OF_EACH, ids=lambda block: block.name)
def test_block_preview_shows_something(preview, block):
    assert block.is_previewable
    ImageFactory()
    DocumentFactory(title="Map")
    page = preview(block)
    main = page.find("main")
    # The template of the block itself, not the list of values that Wagtail shows without one.
    assert main.find("dl", class_=False) is None
    assert main.get_text(strip=True) or main.find("img")
    assert page.find("link", rel="stylesheet")["href"].endswith("hub/hub.css")


@pytest.mark.parametrize("block", ONE_OF_EACH, ids=lambda block: block.name)
def test_block_preview_works_in_an_empty_hub(preview, block):
    """Before there is any picture, document or page to show."""
    assert preview(block).find("main") is not None


def test_faq_preview_shows_the_answer(preview):
    block = next(block for block in ONE_OF_EACH if isinstance(block, FAQBlock))
    assert preview(block).find("details").has_attr("open")


def test_icons_of_blocks_are_those_of_the_admin(site, admin_client):
    sprite = soup(admin_client.get(reverse("wagtailadmin_sprite")).content)
    icons = {symbol["id"].removeprefix("icon-") for symbol in sprite.find_all("symbol")}
    assert {block.meta.icon for block in CHOOSABLE.values()} <= icons


# Evidence

EVIDENCE = {
    "claim": "When notices went online, twice as many firms bid.",
    "author": "Northmere Audit Chamber",
    "title": "Who bids?",
    "country": None,
    "year": 2020,
    "url": "",
    "note": "",
    "invented": False,
}


@pytest.mark.parametrize(
    ("details", "citation"),
    [
        ({}, "Northmere Audit Chamber (2020). Who bids?"),
        ({"title": "Who bids"}, "Northmere Audit Chamber (2020). Who bids."),
        (
            {"title": "Who bids", "note": "Table 3"},
            "Northmere Audit Chamber (2020). Who bids. Table 3.",
        ),
        (
            {"note": "Table 3", "url": "https://audit.example.org/who"},
            "Northmere Audit Chamber (2020). Who bids? Table 3. https://audit.example.org/who",
        ),
    ],
)
def test_evidence_is_cited_in_one_line(details, citation):
    assert EvidenceBlock().to_python(EVIDENCE | details).citation == citation


def test_evidence_shows_its_source_country_and_citation(site, client):
    country = CountryFactory(title="Northmere")
    page = StandardPageFactory(
        parent=site.home, body=[("evidence", EVIDENCE | {"country": country, "invented": True})]
    )
    panel = soup(client.get(page.url).content).find(class_="evidence")
    facts = dict(
        zip(
            [term.get_text() for term in panel.find_all("dt")],
            [fact.get_text() for fact in panel.find_all("dd")],
            strict=True,
        )
    )
    assert facts == {
        "Source": "Northmere Audit Chamber, Who bids?",
        "Country": "Northmere",
        "Year": "2020",
    }
    assert panel.find(class_="badge").get_text() == "made up as an example"
    citation = panel.find(id=panel.find("button")["data-copy"])
    assert citation.get_text() == "Northmere Audit Chamber (2020). Who bids?"


def cleaned(block, value: dict, **changes):
    return block.clean(block.to_python(value | changes))


def test_evidence_from_the_future_is_refused():
    year = timezone.now().year
    assert cleaned(EvidenceBlock(), EVIDENCE, year=year)["year"] == year
    with pytest.raises(ValidationError) as refusal:
        cleaned(EvidenceBlock(), EVIDENCE, year=year + 1)
    errors = refusal.value.block_errors
    assert {name: error.messages for name, error in errors.items()} == {
        "year": ["This year has not come yet."]
    }


def test_evidence_of_next_year_is_accepted_next_year(monkeypatch):
    """The limit is the year of the check, not that of the server's start."""
    later = timezone.now().replace(year=timezone.now().year + 1, month=6, day=1)
    monkeypatch.setattr("hub.blocks.timezone.now", lambda: later)
    assert cleaned(EvidenceBlock(), EVIDENCE, year=later.year)["year"] == later.year


@pytest.mark.parametrize("missing", ["claim", "author", "title", "year"])
def test_evidence_without_its_source_is_refused(missing):
    with pytest.raises(ValidationError) as refusal:
        cleaned(EvidenceBlock(), EVIDENCE, **{missing: None if missing == "year" else ""})
    assert list(refusal.value.block_errors) == [missing]


# Discussion guides

GUIDE = {
    "title": "Who would be relieved?",
    "minutes": 45,
    "group_min": None,
    "group_max": None,
    "prompts": ["Who inside the office?"],
    "notes": "",
}


@pytest.mark.parametrize(
    ("low", "high", "size"),
    [
        (4, 8, "4 to 8 people"),
        (6, 6, "6 people"),
        (6, None, "6 people"),
        (None, 8, "8 people"),
        (1, 1, "1 person"),
        (1, 4, "1 to 4 people"),
        (None, None, ""),
    ],
)
def test_discussion_guide_says_its_group_size(low, high, size):
    assert (
        DiscussionGuideBlock().to_python(GUIDE | {"group_min": low, "group_max": high}).group_size
        == size
    )


def test_discussion_guide_refuses_a_largest_group_below_the_smallest():
    with pytest.raises(ValidationError) as refusal:
        cleaned(DiscussionGuideBlock(), GUIDE, group_min=8, group_max=4)
    errors = refusal.value.block_errors
    assert {name: error.messages for name, error in errors.items()} == {
        "group_max": ["This is smaller than the smallest group size."]
    }
    value = cleaned(DiscussionGuideBlock(), GUIDE, group_min=8, group_max=8)
    assert value.group_size == "8 people"


@pytest.mark.parametrize(
    "changes", [{"minutes": 0}, {"minutes": 601}, {"group_min": 0}, {"prompts": []}, {"title": ""}]
)
def test_discussion_guide_out_of_bounds_is_refused_at_the_field(changes):
    with pytest.raises(ValidationError) as refusal:
        cleaned(DiscussionGuideBlock(), GUIDE, **changes)
    assert list(refusal.value.block_errors) == list(changes)


def test_discussion_guide_shows_time_size_and_questions(site, client):
    page = StandardPageFactory(
        parent=site.home, body=[("discussion_guide", GUIDE | {"group_min": 4, "group_max": 8})]
    )
    panel = body_of(client, page).select_one(".panel")
    facts = [
        " ".join(fact.get_text().split())
        for fact in panel.find(class_="details-line").find_all("span")
    ]
    assert facts == ["45 minutes", "4 to 8 people"]
    assert [item.get_text() for item in panel.find_all("li")] == ["Who inside the office?"]
    assert panel.find("h2")["id"] == panel["aria-labelledby"]


# Addresses within a page


def faq(question: str) -> dict:
    return {"question": question, "answer": "<p>No.</p>", "evidence": ""}


def test_faq_keeps_its_address_when_its_words_change(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit, faqs=[("faq", faq("Is it slow?"))])
    before = soup(client.get(chapter.url).content).select_one(".faq-list details")
    chapter = type(chapter).objects.get(pk=chapter.pk)
    chapter.faqs[0].value["question"] = "Would it delay us?"
    chapter.faqs.insert(0, ("faq", faq("Is it dear?")))
    chapter.save_revision().publish()
    after = soup(client.get(chapter.url).content).select(".faq-list details")
    assert [words(str(item.find("summary"))) for item in after] == [
        "Is it dear?",
        "Would it delay us?",
    ]
    assert after[1]["id"] == before["id"]
    assert after[0]["id"] != before["id"]
    assert after[1].find("button")["data-copy-link"] == f"#{after[1]['id']}"


def test_faq_in_a_body_has_the_same_kind_of_address(site, client):
    page = StandardPageFactory(parent=site.home, body=[("faq", faq("Is it slow?"))])
    item = soup(client.get(page.url).content).select_one(".faq-list details")
    assert item["id"] == f"faq-{page.body[0].id[:8]}"


def heading(text: str, level: str = "h2") -> tuple:
    return ("heading", {"text": text, "level": level})


def test_headings_that_read_the_same_have_different_addresses(site, client):
    chapter = ChapterPageFactory(
        parent=site.toolkit, body=[heading("Who decides"), heading("Who decides"), heading("谁")]
    )
    page = soup(client.get(chapter.url).content)
    ids = [item["id"] for item in page.select("main h2[id^=section-]")]
    assert len(set(ids)) == 3
    links = page.select(".on-this-page a")
    assert [link["href"] for link in links] == [f"#{id_}" for id_ in ids]
    assert [link.get_text() for link in links] == ["Who decides", "Who decides", "谁"]


def test_headings_named_like_a_part_of_the_page_do_not_take_its_address(site, client):
    chapter = ChapterPageFactory(
        parent=site.toolkit,
        body=[
            heading("Sticking points"),
            heading("Main"),
            heading("Templates"),
            heading("Feedback"),
        ],
        faqs=[("faq", faq("Is it slow?"))],
    )
    page = soup(client.get(chapter.url).content)
    ids = [item["id"] for item in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    assert page.find(id="main").name == "main"


def test_headings_keep_their_address_when_their_words_change(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit)
    before = soup(client.get(chapter.url).content).select_one(".on-this-page a")["href"]
    chapter = type(chapter).objects.get(pk=chapter.pk)
    chapter.body[0].value["text"] = "Who signs"
    chapter.save_revision().publish()
    link = soup(client.get(chapter.url).content).select_one(".on-this-page a")
    assert (link["href"], link.get_text()) == (before, "Who signs")


def test_headings_of_parts_are_not_in_the_list_of_contents(site, client):
    chapter = ChapterPageFactory(parent=site.toolkit, body=[heading("A"), heading("A.1", "h3")])
    page = soup(client.get(chapter.url).content)
    assert [link.get_text() for link in page.select(".on-this-page a")] == ["A"]
    assert page.select_one("main h3[id^=section-]").get_text() == "A.1"


# Things elsewhere


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=abc",
        "https://vimeo.com/1",
        "https://video.example.org/call",
    ],
)
def test_embed_is_a_link_and_never_a_player(site, client, url):
    block = EmbedBlock()
    html = block.render(block.to_python({"url": url, "title": "<script>x</script>", "note": ""}))
    assert [
        tag.name for tag in soup(html).find_all(["iframe", "script", "video", "img", "object"])
    ] == []
    link = soup(html).find("a")
    assert link["href"] == url
    assert set(link["rel"]) == {"noopener", "noreferrer", "external"}
    host = url.split("/")[2]
    assert f"Opens {host}, which may keep its own record of your visit." in words(html)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not an address", ""])
def test_embed_refuses_what_is_no_web_address(url):
    with pytest.raises(ValidationError) as refusal:
        cleaned(EmbedBlock(), {"title": "A", "note": ""}, url=url)
    assert list(refusal.value.block_errors) == ["url"]


def test_embed_typed_into_running_text_is_not_played_either(site, client):
    """Wagtail's rich text knows an <embed> tag of its own; no finder is set up for it."""
    body = '<p>Look</p><embed embedtype="media" url="https://www.youtube.com/watch?v=a"/>'
    page = StandardPageFactory(parent=site.home, body=[("rich_text", body)])
    html = soup(client.get(page.url).content)
    assert html.find("iframe") is None
    assert html.select("main script") == []


def test_running_text_of_an_editor_brings_no_script(site, admin_client):
    """What the rich text field takes from a browser keeps only what its features name."""
    field = BodyBlock().child_blocks["rich_text"].field
    draft = json.dumps(
        {
            "blocks": [
                {
                    "key": "a",
                    "text": "<script>alert(1)</script>",
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [],
                    "entityRanges": [],
                }
            ],
            "entityMap": {},
        }
    )
    value = field.widget.value_from_datadict({"body": draft}, {}, "body")
    assert soup(str(RichText(value))).find("script") is None


# Page cards


@pytest.fixture
def count_queries(client):
    """How many queries a page takes with nothing remembered, and the cards it shows."""

    def count(page):
        client.get(page.url)
        forget_everything()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page.url)
        return len(queries), soup(response.content).select(".page-cards > li")

    return count


def test_page_cards_cost_the_same_for_one_and_three(site, count_queries):
    stories = [StoryPageFactory(parent=site.stories) for _number in range(3)]
    one = StandardPageFactory(parent=site.home, body=[("page_cards", [stories[0]])])
    three = StandardPageFactory(parent=site.home, body=[("page_cards", stories)])
    queries_of_one, cards_of_one = count_queries(one)
    queries_of_three, cards_of_three = count_queries(three)
    assert (len(cards_of_one), len(cards_of_three)) == (1, 3)
    assert queries_of_three == queries_of_one


def test_page_cards_show_title_kind_and_summary_in_the_chosen_order(site, client):
    second, first = StoryPageFactory(parent=site.stories), ChapterPageFactory(parent=site.toolkit)
    page = StandardPageFactory(parent=site.home, body=[("page_cards", [first, second])])
    cards = soup(client.get(page.url).content).select(".page-cards > li")
    assert [(card["data-kind"], card.find("a")["href"]) for card in cards] == [
        ("toolkit", first.url),
        ("story", second.url),
    ]
    assert [card.find(class_="kind").get_text() for card in cards] == ["Toolkit chapter", "Story"]


def test_page_cards_leave_out_what_is_not_published(site, client):
    stories = [StoryPageFactory(parent=site.stories) for _number in range(2)]
    page = StandardPageFactory(parent=site.home, body=[("page_cards", stories)])
    stories[0].unpublish()
    cards = soup(client.get(page.url).content).select(".page-cards > li")
    assert [card.find("a")["href"] for card in cards] == [stories[1].url]
    stories[1].delete()
    assert soup(client.get(page.url).content).select(".page-cards") == []


# All together


def test_body_with_every_block_renders_and_is_searched(site, client):
    image, document = ImageFactory(), DocumentFactory(title="The map as a file")
    story = StoryPageFactory(parent=site.stories)
    values = {
        "image": {
            "image": {"image": image.pk, "alt_text": "A map", "decorative": False},
            "caption": "The map, drawn.",
        },
        "file": document.pk,
        "page_cards": [story.pk],
    }
    blocks = BodyBlock().child_blocks
    raw = [
        {
            "type": name,
            "value": values[name]
            if name in values
            else block.get_prep_value(block.get_preview_value()),
        }
        for name, block in blocks.items()
    ]
    page = StandardPageFactory(parent=site.home, body=json.dumps(raw))
    body = body_of(client, page)
    assert isinstance(page.body, StreamValue)
    assert body.select_one(".picture figcaption").get_text(strip=True) == "The map, drawn."
    assert body.find("img")["alt"] == "A map"
    assert body.find("a", download=True)["href"] == document.url
    assert "Who belongs on the map" in " ".join(page.searchable_parts())
    assert "Only if you show it." in " ".join(page.searchable_parts())


def test_file_removed_from_the_hub_leaves_the_page_standing(site, client):
    document = DocumentFactory(title="Lost")
    page = StandardPageFactory(
        parent=site.home, body=[("file", document), ("rich_text", "<p>Text</p>")]
    )
    document.delete()
    assert words(str(body_of(client, page))) == "Text"


def test_picture_removed_from_the_hub_leaves_the_page_standing(site, client):
    image = ImageFactory()
    page = StandardPageFactory(
        parent=site.home,
        body=json.dumps(
            [
                {
                    "type": "image",
                    "value": {
                        "image": {"image": image.pk, "alt_text": "A", "decorative": False},
                        "caption": "",
                    },
                },
                {"type": "rich_text", "value": "<p>Text</p>"},
            ]
        ),
    )
    image.delete()
    assert words(str(body_of(client, page))) == "Text"


def test_faq_answers_may_hold_lists_and_links():
    value = FAQBlock().to_python(faq("Q") | {"answer": "<ul><li>One</li></ul>"})
    assert soup(str(value["answer"])).find("li").get_text() == "One"

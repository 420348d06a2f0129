"""The blocks of bodies: what an editor needs to choose one, and what a reader gets of all."""

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
from wagtail.blocks import Block, StreamBlock, StreamValue
from wagtail.rich_text import RichText

import home.blocks
import hub.blocks
import training.blocks
from hub.blocks import BodyBlock, EmbedBlock, FAQBlock
from hub.caching import forget_everything
from hub.fields import StreamField
from tests.bodies import body_of, cleaned, faq, soup, words
from tests.factories import (
    ChapterPageFactory,
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

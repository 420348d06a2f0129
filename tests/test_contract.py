"""What every page type of the hub must be able to do, walked for each of them."""

import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from wagtail.admin.panels import TitleFieldPanel
from wagtail.blocks.base import BlockField
from wagtail.models import Page
from wagtail_localize.segments.extract import extract_segments

from hub.models import BasePage
from hub.models.pages import UnfinishedTranslation
from tests import factories
from tests.translating import submit, translate

PAGE_TYPES = sorted(
    (model for model in apps.get_models() if issubclass(model, BasePage)),
    key=lambda model: model._meta.label,
)
PARENTS = {
    "home.HomePage": "root",
    "home.ContactPage": "home",
    "home.StandardPage": "home",
    "home.StoryIndexPage": "home",
    "home.StoryPage": "stories",
    "toolkit.ToolkitPage": "home",
    "toolkit.ChapterPage": "toolkit",
    "toolkit.TemplateIndexPage": "toolkit",
    "toolkit.TemplatePage": "templates",
    "training.TrainingIndexPage": "home",
    "training.SessionPage": "training",
    "training.ClinicPage": "training",
    "training.NextSessionPage": "training",
    "funding.FundPage": "home",
    "funding.RequestPage": "funding",
    "funding.AwardsPage": "funding",
}
# One in a section, made by the site fixture.
SECTIONS = {
    "home.HomePage": "home",
    "home.StoryIndexPage": "stories",
    "toolkit.ToolkitPage": "toolkit",
    "toolkit.TemplateIndexPage": "templates",
    "training.TrainingIndexPage": "training",
    "funding.FundPage": "funding",
    "home.ContactPage": "contact",
}


class Outline(HTMLParser):
    """The headings, ids and links of a page."""

    def __init__(self):
        super().__init__()
        self.headings, self.ids, self.canonical, self.images = [], [], None, []
        self.lang = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "link" and attributes.get("rel") == "canonical":
            self.canonical = attributes["href"]
        if tag == "img":
            self.images.append(attributes)
        if tag == "html":
            self.lang = attributes.get("lang")


def outline_of(response) -> Outline:
    parser = Outline()
    parser.feed(response.content.decode())
    return parser


@pytest.fixture(params=PAGE_TYPES, ids=lambda model: model._meta.label)
def any_page(request, site):
    label = request.param._meta.label
    if label in SECTIONS:
        return getattr(site, SECTIONS[label])
    factory = getattr(factories, f"{request.param.__name__}Factory")
    return factory(parent=getattr(site, PARENTS[label]))


def test_page_types_all_have_a_place_in_this_test():
    assert {model._meta.label for model in PAGE_TYPES} == set(PARENTS)


def test_page_types_all_have_a_demo_page():
    pages = Path(settings.BASE_DIR).glob("*/demo/pages/*.toml")
    types = {tomllib.loads(path.read_text("utf-8")).get("type") for path in pages}
    assert {model._meta.label for model in PAGE_TYPES} <= types


def test_page_renders_with_one_heading_and_its_address(any_page, client):
    response = client.get(any_page.url)
    assert response.status_code == 200
    found = outline_of(response)
    assert found.headings.count(1) == 1
    assert found.headings[0] == 1
    assert found.canonical == f"{settings.HUB_BASE_URL}{any_page.url}"
    assert found.lang == "en"
    assert len(found.ids) == len(set(found.ids))
    assert all("alt" in image for image in found.images)


def test_page_headings_skip_no_level(any_page, client):
    headings = outline_of(client.get(any_page.url)).headings
    jumps = [
        (above, below)
        for above, below in zip(headings, headings[1:], strict=False)
        if below > above + 1
    ]
    assert jumps == []


def test_page_structured_data_is_json(any_page, client):
    html = client.get(any_page.url).content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(block[1])
    assert data["@graph"][0]["url"] == f"{settings.HUB_BASE_URL}{any_page.url}"


def test_page_validates(any_page):
    any_page.full_clean()


def test_page_type_says_what_it_is_for(any_page):
    """Shown where an editor chooses the type of a new page."""
    assert any_page.get_page_description().endswith(".")


def test_page_declares_a_kind_name(any_page):
    assert (
        str(any_page.kind_name) != str(BasePage.kind_name)
        or type(any_page).__name__ == "StandardPage"
    )


def test_page_words_can_be_searched(any_page):
    assert any_page.summary in any_page.searchable_parts()
    assert "page" in any_page.search_stems()


def test_page_summary_and_title_are_translatable(any_page):
    contents = {segment.path for segment in extract_segments(any_page)}
    assert {"title", "summary"} <= contents


def test_page_survives_a_copy(any_page, client):
    copy = any_page.copy(update_attrs={"slug": "copy", "title": "A copy"}, keep_live=True)
    html = client.get(copy.url).content.decode()
    assert "A copy" in html or any_page._meta.label == "home.HomePage"


def test_page_survives_unpublishing_and_publishing(any_page, client):
    url = any_page.url
    any_page.unpublish()
    assert client.get(url).status_code == 404
    any_page.save_revision().publish()
    assert client.get(url).status_code == 200


def test_page_preview_shows_the_draft(any_page):
    any_page.title = "A new title"
    any_page.statement = "A new title"
    for mode, _name in any_page.preview_modes:
        response = any_page.make_preview_request(preview_mode=mode)
        response.render() if hasattr(response, "render") else None
        assert response.status_code == 200
        assert b"A new title" in response.content


def test_page_unsaved_preview_works(any_page):
    """An editor looks at a preview before the first save."""
    fresh = type(any_page)(title="Not saved yet", slug="not-saved-yet", locale=any_page.locale)
    fresh.path, fresh.depth = any_page.path[:-4] + "zzzz", any_page.depth
    fresh.url_path = "/home/not-saved-yet/"
    for field in ("starts_at", "ends_at", "zone", "usual_maximum"):
        if hasattr(any_page, field):
            setattr(fresh, field, getattr(any_page, field))
    fresh.statement = "Not saved yet"
    response = fresh.make_preview_request()
    assert response.status_code == 200
    assert b"Not saved yet" in response.content


@pytest.mark.parametrize("section", ["toolkit", "training", "funding", "stories", "contact"])
def test_section_can_be_moved_with_all_it_holds(site, section, client):
    moved = getattr(site, section)
    home = factories.HomePageFactory(parent=Page.get_first_root_node(), slug="second")
    moved.move(home, pos="last-child")
    assert Page.objects.get(pk=moved.pk).url_path == f"/second/{moved.slug}/"
    assert client.get(f"/en/{moved.slug}/").status_code == 404


def test_page_can_be_translated(any_page, spanish, client, site):
    translated = translate(any_page, spanish)
    assert translated.slug == any_page.slug or translated.depth == 2
    html = client.get(translated.url)
    assert html.headers["Content-Language"] == "es"
    assert outline_of(html).lang == "es"
    assert b"es: What this page is for." in html.content


def test_page_is_not_published_before_it_is_translated(any_page, spanish, client):
    translation = submit(any_page, spanish)
    draft = translation.get_target_instance()
    assert not draft.live
    with pytest.raises(UnfinishedTranslation):
        draft.get_latest_revision().publish()
    assert not any_page.get_translation(spanish).live


def test_page_request_method_is_checked(any_page, client):
    assert client.delete(any_page.url).status_code == 405


def test_page_without_its_required_fields_is_refused(any_page, admin_client):
    """The editor's form says what is missing, at the field, and keeps what was typed."""
    model = type(any_page)
    parent = any_page.get_parent()
    data = empty_form_data(model) | {"title": "Half written", "slug": "half-written"}
    fields = model.get_edit_handler().get_form_class().base_fields
    required = {name for name, field in fields.items() if field.required and not data.get(name)}
    if not required:
        return
    if not model.can_create_at(parent):
        parent.get_children().type(model).delete()
    address = f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
    response = admin_client.post(address, data | {"action-publish": "action-publish"})
    assert response.status_code == 200
    assert b"Half written" in response.content
    assert not model.objects.filter(slug="half-written").exists()
    errors = response.context["form"].errors
    assert set(errors) & required


def empty_form_data(model) -> dict:
    """What a browser would send of an untouched form: empty streams and formsets."""
    form = model.get_edit_handler().get_form_class()(
        instance=model(), parent_page=None, for_user=None
    )
    data = {}
    for name, field in form.fields.items():
        if isinstance(field, BlockField):
            data[f"{name}-count"] = "0"
        elif field.initial is not None and not callable(field.initial):
            data[name] = field.initial
    for formset in form.formsets.values():
        data |= {
            f"{formset.prefix}-{key}": "0"
            for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
        }
    return data


def test_page_slug_follows_its_title_while_it_is_new(any_page):
    """Nobody should have to know what a slug is: the title field fills it in."""
    panels = list(any_page.get_edit_handler().children)
    for panel in panels:
        panels += getattr(panel, "children", [])
    assert [type(panel) for panel in panels if getattr(panel, "field_name", "") == "title"] == [
        TitleFieldPanel
    ]

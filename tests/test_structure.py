"""The rules that make a wrong tree impossible."""

import pytest
from django.apps import apps

from hub.models import BasePage
from tests.factories import ChapterPageFactory, TemplatePageFactory
from toolkit.models import ChapterPage

TREE = {
    "home.HomePage": {
        "toolkit.ToolkitPage",
        "training.TrainingIndexPage",
        "funding.FundPage",
        "home.StoryIndexPage",
        "home.StandardPage",
        "home.ContactPage",
    },
    "home.StandardPage": {"home.StandardPage"},
    "home.ContactPage": set(),
    "home.StoryIndexPage": {"home.StoryPage"},
    "home.StoryPage": set(),
    "toolkit.ToolkitPage": {"toolkit.ChapterPage", "toolkit.TemplateIndexPage"},
    "toolkit.ChapterPage": {"toolkit.ChapterPage"},
    "toolkit.TemplateIndexPage": {"toolkit.TemplatePage"},
    "toolkit.TemplatePage": set(),
    "training.TrainingIndexPage": {
        "training.SessionPage",
        "training.ClinicPage",
        "training.NextSessionPage",
    },
    "training.SessionPage": set(),
    "training.ClinicPage": set(),
    "training.NextSessionPage": set(),
    "funding.FundPage": {"funding.RequestPage", "funding.AwardsPage"},
    "funding.RequestPage": set(),
    "funding.AwardsPage": set(),
}


def test_tree_allows_exactly_these_children():
    allowed = {
        model._meta.label: {child._meta.label for child in model.allowed_subpage_models()}
        for model in apps.get_models()
        if issubclass(model, BasePage)
    }
    assert allowed == TREE


def test_chapter_may_be_added_to_toolkit_and_step_only(site):
    step = ChapterPageFactory(parent=site.toolkit)
    inner = ChapterPageFactory(parent=step)
    assert ChapterPage.can_create_at(site.toolkit)
    assert ChapterPage.can_create_at(step)
    assert not ChapterPage.can_create_at(inner)
    assert not ChapterPage.can_create_at(site.home)
    assert not ChapterPage.can_create_at(site.templates)


def test_chapter_cannot_be_moved_below_an_inner_chapter(site):
    step = ChapterPageFactory(parent=site.toolkit)
    inner = ChapterPageFactory(parent=step)
    other = ChapterPageFactory(parent=site.toolkit)
    assert other.can_move_to(step)
    assert not other.can_move_to(inner)


def test_step_with_chapters_cannot_become_an_inner_chapter(site):
    step = ChapterPageFactory(parent=site.toolkit)
    ChapterPageFactory(parent=step)
    other = ChapterPageFactory(parent=site.toolkit)
    assert not step.can_move_to(other)


@pytest.mark.parametrize("section", ["home", "training", "stories", "funding", "contact"])
def test_chapter_cannot_be_moved_out_of_toolkits(site, section):
    chapter = ChapterPageFactory(parent=site.toolkit)
    assert not chapter.can_move_to(getattr(site, section))


def test_chapter_address_in_admin_refuses_a_wrong_parent(site, admin_client):
    """Typing the address of "add a chapter" under the stories is turned away, and nothing is made."""
    response = admin_client.get(f"/admin/pages/add/toolkit/chapterpage/{site.stories.pk}/")
    assert response.status_code == 302
    assert response.url == "/admin/"
    assert not ChapterPage.objects.exists()


def test_template_list_exists_once_in_a_toolkit(site):
    assert not type(site.templates).can_create_at(site.toolkit)


def test_template_has_no_children(site):
    template = TemplatePageFactory(parent=site.templates)
    assert template.allowed_subpage_models() == []

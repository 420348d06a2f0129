"""Addresses, and what Wagtail itself must still do with them."""

from types import SimpleNamespace

import pytest
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.rich_text import expand_db_html

from hub import routing
from tests import factories


@pytest.fixture
def chapter(site):
    step = factories.ChapterPageFactory(parent=site.toolkit, slug="step")
    return factories.ChapterPageFactory(parent=step, slug="inner", title="Inner chapter")


def test_page_is_found_at_any_depth(site, client, chapter):
    response = client.get("/en/toolkit/step/inner/")
    assert response.context["page"] == chapter


def test_wagtail_serves_the_page_that_was_found(site, rf, chapter):
    """Wagtail's view must keep reading what routing leaves on the request."""
    request = rf.get("/en/toolkit/")
    request.LANGUAGE_CODE = "en"
    request._wagtail_site = "left alone"
    request._wagtail_route_for_request = SimpleNamespace(page=chapter)
    assert Page.route_for_request(request, "toolkit/").page == chapter


def test_page_below_an_unpublished_one_is_still_found(site, client, chapter):
    """As in stock Wagtail: unpublishing a step says nothing about its chapters."""
    chapter.get_parent().unpublish()
    assert client.get("/en/toolkit/step/inner/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/en/nothing/",
        "/en/toolkit/nothing/",
        "/en/toolkit/step/inner/more/",
        "/en/toolkit/inner/",
        "/en/home/",
        "/xx/",
        "/xx/toolkit/",
        "/toolkit/",
    ],
)
def test_unknown_address_is_the_help_page(site, client, chapter, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Nothing is filed under this address." in response.content.decode()


@pytest.mark.parametrize("language", ["es", "fr", "ar", "zh-hans", "pt-br"])
def test_language_without_a_home_page_is_not_served_in_english(site, client, chapter, language):
    assert client.get(f"/{language}/").status_code == 404
    assert client.get(f"/{language}/toolkit/step/inner/").status_code == 404


def test_unpublished_home_page_is_not_served(site, client):
    site.home.unpublish()
    assert client.get("/en/").status_code == 404


def test_private_page_is_private_as_soon_as_it_is_made_so(site, client, chapter):
    assert client.get(chapter.url).status_code == 200
    PageViewRestriction.objects.create(
        page=site.toolkit, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    html = client.get(chapter.url).content.decode()
    assert "Inner chapter" not in html
    assert 'type="password"' in html
    assert client.get(site.stories.url).status_code == 200


def test_private_page_opens_again_when_the_restriction_goes(site, client, chapter):
    restriction = PageViewRestriction.objects.create(page=chapter, restriction_type="login")
    response = client.get(chapter.url)
    assert (response.status_code, response.url) == (302, f"/admin/login/?next={chapter.url}")
    restriction.delete()
    assert client.get(chapter.url).status_code == 200


def test_moved_page_keeps_its_old_address(site, client, chapter):
    client.get(chapter.url)
    chapter.move(site.toolkit, pos="last-child")
    assert client.get("/en/toolkit/inner/").status_code == 200
    response = client.get("/en/toolkit/step/inner/")
    assert (response.status_code, response.url) == (301, "/en/toolkit/inner/")


def test_home_pages_are_remembered_for_each_language(site, client):
    assert list(routing.home_pages()) == ["en"]
    spanish = Locale.objects.create(language_code="es")
    client.get("/es/")
    site.home.copy_for_translation(spanish).save_revision().publish()
    assert client.get("/es/").status_code == 200


def link_to(page) -> str:
    return expand_db_html(f'<a linktype="page" id="{page.pk}">read</a>')


def test_link_in_rich_text_follows_a_renamed_page(site, chapter):
    assert link_to(chapter) == '<a href="/en/toolkit/step/inner/">read</a>'
    chapter.slug = "renamed"
    chapter.save()
    assert link_to(chapter) == '<a href="/en/toolkit/step/renamed/">read</a>'


def test_links_in_rich_text_cost_no_query_once_known(site, chapter, django_assert_num_queries):
    link_to(chapter)
    with django_assert_num_queries(0):
        link_to(chapter)


def test_link_in_rich_text_to_a_deleted_page_is_no_link(site, chapter):
    number = chapter.pk
    link_to(chapter)
    chapter.delete()
    assert expand_db_html(f'<a linktype="page" id="{number}">read</a>') == "<a>read</a>"

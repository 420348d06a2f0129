"""What happens to a source, or to what it uses, reaches its translations and breaks none of them."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import LocaleSynchronization, SegmentOverride, Translation

from hub.models import PageTopic, RelatedStory, TranslationTask
from hub.translation import tasks
from tests import factories
from tests.translating import locale_of, submit, translate, write


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """What waits for the end of a transaction, which a test's never reaches, happens at once."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, *_a, **_k: function())


@pytest.fixture(autouse=True)
def _tree_stays_whole(db):
    yield
    assert Page.find_problems() == ([], [], [], [], [])


def in_spanish(page) -> Page | None:
    return page.get_translations().filter(locale__language_code="es").first()


def paths(*pages) -> list[str]:
    return [Page.objects.get(pk=page.pk).url_path for page in pages]


# Moved, renamed, unpublished, deleted: in the admin's own views


@pytest.fixture
def step(site):
    step = factories.ChapterPageFactory(parent=site.toolkit, slug="step", title="Step")
    return factories.ChapterPageFactory(parent=step, slug="inner", title="Inner").get_parent()


@pytest.fixture
def inner(step, spanish):
    inner = step.get_children().get().specific
    translate(inner, spanish)
    return inner


def move(client, page, parent):
    response = client.post(f"/admin/pages/{page.pk}/move/{parent.pk}/confirm/")
    assert response.status_code == 302


def test_move_takes_translations_along(site, inner, admin_client, client):
    move(admin_client, inner, site.toolkit)
    assert paths(inner, in_spanish(inner)) == ["/home/toolkit/inner/", "/home-es/toolkit/inner/"]
    assert client.get("/es/toolkit/inner/").context["page"] == in_spanish(inner).specific


def test_move_takes_the_pages_below_a_translation_along(site, admin_client, spanish):
    about = factories.StandardPageFactory(parent=site.home, slug="about")
    people = factories.StandardPageFactory(parent=about, slug="people")
    more = factories.StandardPageFactory(parent=site.home, slug="more")
    for page in (people, more):
        translate(page, spanish)
    move(admin_client, about, more)
    assert paths(people, in_spanish(people)) == [
        "/home/more/about/people/",
        "/home-es/more/about/people/",
    ]


def test_move_below_an_untranslated_page_submits_that_page(site, inner, admin_client, client):
    other = factories.ChapterPageFactory(parent=site.toolkit, slug="other", title="Other")
    move(admin_client, inner, other)
    assert paths(in_spanish(inner)) == ["/home-es/toolkit/other/inner/"]
    assert not in_spanish(other).live
    assert Translation.objects.filter(source__object_id=other.translation_key).exists()
    assert client.get("/es/toolkit/other/inner/").context["page"] == in_spanish(inner).specific
    assert client.get("/es/toolkit/other/").context["page"] == other


def test_bulk_move_takes_translations_along(site, inner, admin_client):
    address = f"/admin/bulk/wagtailcore/page/move/?id={inner.pk}"
    admin_client.post(address, {"chooser": site.toolkit.pk})
    assert paths(inner, in_spanish(inner)) == ["/home/toolkit/inner/", "/home-es/toolkit/inner/"]


def test_move_of_a_translation_leaves_its_source_where_it_is(site, inner, admin_client):
    move(admin_client, in_spanish(inner), in_spanish(site.toolkit))
    assert paths(inner) == ["/home/toolkit/step/inner/"]


def test_new_slug_is_that_of_the_translations_too(step, inner, admin_client, client):
    step = step.specific
    step.slug = "renamed"
    step.save_revision().publish()
    assert paths(in_spanish(step), in_spanish(inner)) == [
        "/home-es/toolkit/renamed/",
        "/home-es/toolkit/renamed/inner/",
    ]
    in_spanish(step).get_latest_revision().publish()
    assert in_spanish(step).slug == "renamed"
    assert client.get("/es/toolkit/renamed/inner/").status_code == 200


def unpublish(client, page):
    assert client.post(f"/admin/pages/{page.pk}/unpublish/").status_code == 302


def test_unpublished_source_takes_its_translations_off_the_site(inner, admin_client, client):
    unpublish(admin_client, inner)
    assert not in_spanish(inner).live
    assert client.get("/es/toolkit/step/inner/").status_code == 404
    task = TranslationTask.objects.get(translation__source__object_id=inner.translation_key)
    assert (task.state, task.published_texts) == ("working", {})


def test_restored_translation_is_published_as_it_was(inner, admin_client, client):
    unpublish(admin_client, inner)
    inner.get_latest_revision() or inner.save_revision()
    inner.get_latest_revision().publish()
    assert client.get("/es/toolkit/step/inner/").context["page"] == inner
    in_spanish(inner).get_latest_revision().publish()
    assert client.get("/es/toolkit/step/inner/").context["page"] == in_spanish(inner).specific
    task = TranslationTask.objects.get(translation__source__object_id=inner.translation_key)
    assert (task.state, task.outdated) == ("published", [])


def test_unpublished_translation_leaves_its_source_on_the_site(inner, admin_client, client):
    unpublish(admin_client, in_spanish(inner))
    assert client.get("/es/toolkit/step/inner/").context["page"] == inner
    assert Page.objects.get(pk=inner.pk).live


@pytest.mark.parametrize(
    "address", ["/admin/pages/{}/delete/", "/admin/bulk/wagtailcore/page/delete/?id={}"]
)
def test_deleted_source_takes_its_translations_along(step, inner, admin_client, client, address):
    keys = [step.translation_key, inner.translation_key]
    assert admin_client.post(address.format(step.pk)).status_code == 302
    assert not Page.objects.filter(translation_key__in=keys).exists()
    assert client.get("/es/toolkit/step/inner/").status_code == 404
    assert client.get("/es/toolkit/").status_code == 200


def test_delete_says_how_many_translations_go_with_it(inner, admin_client):
    html = admin_client.get(f"/admin/pages/{inner.pk}/delete/").content.decode()
    assert "1 translation of this page" in html


def test_deleted_translation_leaves_its_source_and_can_be_made_again(inner, admin_client, spanish):
    admin_client.post(f"/admin/pages/{in_spanish(inner).pk}/delete/")
    assert Page.objects.get(pk=inner.pk).live
    assert in_spanish(inner) is None
    assert translate(inner, spanish).live


def test_order_of_siblings_is_followed(site, admin_client, spanish):
    stories = [factories.StoryPageFactory(parent=site.stories, title=title) for title in "ABC"]
    for story in stories:
        translate(story, spanish)
    in_order = site.stories.get_translation(spanish).get_children().order_by("path")
    assert [page.title for page in in_order.all()] == ["es: A", "es: B", "es: C"]
    admin_client.post(f"/admin/pages/{stories[2].pk}/set_position/?position=0")
    assert [page.title for page in in_order.all()] == ["es: C", "es: A", "es: B"]
    admin_client.post(f"/admin/pages/{stories[2].pk}/set_position/?position=2")
    assert [page.title for page in in_order.all()] == ["es: A", "es: B", "es: C"]
    assert Page.find_problems() == ([], [], [], [], [])


# Aliases


def test_ancestors_of_a_translation_are_not_live_in_the_words_of_the_source(
    site, step, client, spanish
):
    """wagtail-localize would make live aliases of ancestors that are not translated."""
    inner = step.get_children().get().specific
    Translation.objects.all().delete()
    from wagtail_localize.operations import translate_object

    translate_object(inner, [spanish])
    pages = Page.objects.filter(locale=spanish)
    assert pages.count() == 4
    assert not pages.filter(live=True).exists()
    assert not pages.exclude(alias_of=None).exists()
    assert client.get("/es/").status_code == 404


def test_alias_in_another_language_is_never_live(site, spanish):
    translate(site.home, spanish)
    alias = site.stories.create_alias(
        parent=site.home.get_translation(spanish),
        update_locale=spanish,
        reset_translation_key=False,
    )
    assert not alias.live
    site.stories.save_revision().publish()
    alias.refresh_from_db()
    assert not alias.live


def test_alias_in_the_same_language_goes_live(site, step):
    alias = step.create_alias(parent=site.home, update_slug="short-cut")
    assert alias.live


def test_new_locale_has_nothing_live_under_it(site, admin_client, client):
    html = admin_client.get("/admin/locales/new/").content.decode()
    assert "Synchronise content" not in html
    component = LocaleSynchronization._meta.db_table
    english = Locale.objects.get(language_code="en")
    admin_client.post(
        "/admin/locales/new/",
        {
            "language_code": "sw",
            f"component-{component}-enabled": "on",
            f"component-{component}-sync_from": english.pk,
        },
    )
    swahili = Locale.objects.get(language_code="sw")
    LocaleSynchronization.objects.create(locale=swahili, sync_from=english)
    assert not Page.objects.filter(locale=swahili, live=True).exists()
    assert client.get("/sw/").status_code == 404


# What translations use is deleted


@pytest.fixture
def used(site):
    """One of everything that a page can use."""
    return {
        "image": factories.ImageFactory(),
        "document": factories.DocumentFactory(),
        "country": factories.CountryFactory(),
        "topic": factories.TopicFactory(),
        "page": factories.StandardPageFactory(parent=site.home, title="Cited"),
        "story": factories.StoryPageFactory(parent=site.stories),
    }


@pytest.fixture
def user(site, used, spanish):
    """A page that uses all of it, published in Spanish, with overrides of all that can have one."""
    picture = {"image": used["image"].pk, "alt_text": "A drawing", "decorative": False}
    links = (
        f'<p>See <a linktype="page" id="{used["page"].pk}">the page</a> and '
        f'<a linktype="document" id="{used["document"].pk}">the file</a>.</p>'
    )
    evidence = {
        "claim": "More firms bid.",
        "author": "Audit Chamber",
        "title": "Who bids?",
        "country": used["country"].pk,
        "year": 2020,
    }
    rows = [
        ("rich_text", links),
        ("image", {"image": picture, "caption": "The map"}),
        ("file", used["document"].pk),
        ("evidence", evidence),
        ("page_cards", [{"type": "item", "value": used["page"].pk, "id": "c1"}]),
    ]
    page = factories.StandardPageFactory(parent=site.home, title="User", share_image=used["image"])
    page.body = page.body.stream_block.to_python(
        [{"type": kind, "value": value, "id": f"b{n}"} for n, (kind, value) in enumerate(rows)]
    )
    page.topic_links = [PageTopic(topic=used["topic"], locale=page.locale)]
    page.related_stories = [RelatedStory(story=used["story"])]
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    translate(used["topic"], spanish)
    translate(page, spanish)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    for segment in translation.source.overridablesegment_set.exclude(data_json__startswith='"'):
        SegmentOverride.objects.create(
            locale=spanish, context=segment.context, data_json=segment.data_json
        )
    return page


def overrides() -> int:
    return SegmentOverride.objects.count()


LOST_OVERRIDES = {"image": 2, "document": 1, "country": 0, "topic": 0, "page": 1, "story": 0}


@pytest.mark.parametrize("name", LOST_OVERRIDES)
def test_deleting_what_a_translation_uses_breaks_nothing(
    user, used, client, admin_client, spanish, name
):
    translation = Translation.objects.get(source__object_id=user.translation_key)
    before = overrides()
    assert before == 4
    used[name].delete()
    assert before - overrides() == LOST_OVERRIDES[name]
    target = in_spanish(user)
    for language in ("en", "es"):
        assert client.get(f"/{language}/{user.slug}/").status_code == 200
    for address in (f"{user.pk}/edit/", f"{target.pk}/edit/", f"{target.pk}/edit/?stock"):
        assert admin_client.get(f"/admin/pages/{address}", follow=True).status_code == 200
    write(translation)
    tasks.publish(translation, None)
    assert in_spanish(user).live
    preview = reverse("wagtail_localize:preview_translation", args=[translation.pk])
    assert admin_client.get(preview).status_code == 200
    assert client.get(f"/es/{user.slug}/").status_code == 200
    source = Page.objects.get(pk=user.pk).specific
    source.save_revision().publish()


@pytest.mark.parametrize("name", ["country", "topic"])
def test_term_is_deleted_in_one_language_alone(user, used, client, admin_client, spanish, name):
    term = translate(used[name], spanish)
    translation = Translation.objects.get(source__object_id=user.translation_key)
    translation.save_target(publish=True)
    term.delete()
    target = in_spanish(user)
    assert client.get(f"/es/{user.slug}/").status_code == 200
    for query in ("", "?stock"):
        address = f"/admin/pages/{target.pk}/edit/{query}"
        assert admin_client.get(address, follow=True).status_code == 200
    translation.save_target(publish=True)
    assert client.get(f"/es/{user.slug}/").status_code == 200


def test_deleting_a_picture_makes_its_words_no_work_any_more(user, used):
    translation = Translation.objects.get(source__object_id=user.translation_key)
    texts = translation.source.stringsegment_set.values_list("string__data", flat=True)
    assert "A drawing" in texts
    used["image"].delete()
    assert "A drawing" not in texts.all()
    assert "The map" in texts.all()
    assert json.loads(translation.source.content_json) is not None


def test_override_with_the_same_number_for_something_else_is_kept(user, used, spanish):
    """Numbers say nothing without what they number."""
    document = used["document"]
    file_override = SegmentOverride.objects.get(context__path="body.b2")
    SegmentOverride.objects.exclude(pk=file_override.pk).update(data_json=str(document.pk))
    before = overrides()
    document.delete()
    assert before - overrides() == 1


def test_override_shows_another_picture_with_the_translated_description(user, client, spanish):
    other = factories.ImageFactory(title="Other")
    override = SegmentOverride.objects.get(context__path="body.b1.image.image")
    override.data_json = f'"{other.pk}"'
    override.save()
    translation = Translation.objects.get(source__object_id=user.translation_key)
    translation.save_target(publish=True)
    picture = in_spanish(user).specific.body[1].value["image"]
    assert (picture.pk, picture.contextual_alt_text) == (other.pk, "es: A drawing")
    assert user.body[1].value["image"].contextual_alt_text == "A drawing"


def test_submitting_again_after_the_source_lost_its_picture(user, used):
    used["image"].delete()
    french = submit(Page.objects.get(pk=user.pk).specific, locale_of("fr"))
    assert french.get_target_instance().specific.body[1].value["image"] is None

"""Submitting a section: noted at once, worked through by the clock, cut off and taken up again."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import resolve, reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import LocaleSynchronization, Translation, TranslationSource
from wagtail_localize.operations import translate_page_subtree
from wagtail_localize.tasks import background

from hub import jobs
from hub.models import SectionSubmission, TranslationTask, User
from hub.translation import submit
from hub.wagtail_hooks import sections_being_submitted
from tests import factories
from tests.translating import alias, locale_of, translate

CODES = ["ar", "es", "fr"]


@pytest.fixture
def section(site):
    """Three stories under their index, the second of which relates the third and has a topic."""
    stories = [factories.StoryPageFactory(parent=site.stories) for _n in range(3)]
    factories.add_topics(stories[1], factories.TopicFactory())
    stories[1].related_stories.create(story=stories[2], sort_order=0)
    stories[1].save()
    return site.stories


@pytest.fixture
def locales(db):
    return [locale_of(code) for code in CODES]


@pytest.fixture
def editor(db):
    return User.objects.create_superuser("editor", "editor@example.org", "x")


def targets() -> dict[str, int]:
    return {
        code: Page.objects.filter(locale__language_code=code, alias_of=None).count()
        for code in CODES
    }


def no_harm_done():
    assert Page.find_problems() == ([], [], [], [], [])
    assert not Page.objects.exclude(locale=Locale.get_default()).filter(live=True).exists()
    assert not Page.objects.exclude(alias_of=None).exists()


def test_submitting_a_section_leaves_it_to_the_worker(client, site, section, locales, editor):
    client.force_login(editor)
    response = client.post(
        reverse("wagtail_localize:submit_page_translation", args=[section.pk]),
        {"locales": [locale.pk for locale in locales], "include_subtree": "on"},
    )

    assert response.url == reverse("wagtailadmin_explore", args=[site.home.pk])
    assert targets() == {"ar": 0, "es": 0, "fr": 0}
    (waiting,) = submit.unfinished(editor)
    assert (waiting.page.pk, waiting.user, waiting.total, waiting.done) == (
        section.pk,
        editor,
        4,
        0,
    )
    assert set(waiting.locales.all()) == set(locales)
    (todo,) = sections_being_submitted(editor)
    assert todo.text == "“Stories” is being submitted for translation: 0 of 4 pages."

    jobs.submit_sections()

    waiting.refresh_from_db()
    assert (waiting.total, waiting.done, waiting.errors) == (4, 4, [])
    assert waiting.finished_at is not None
    assert targets() == {"ar": 5, "es": 5, "fr": 5}
    no_harm_done()
    assert submit.unfinished(editor) == []
    assert list(sections_being_submitted(editor)) == []
    assert TranslationTask.objects.filter(translation__target_locale=locales[0]).count() == 6


def test_submitting_one_page_submits_it_at_once(client, section, editor):
    client.force_login(editor)
    client.post(
        reverse("wagtail_localize:submit_page_translation", args=[section.pk]),
        {"locales": [locale_of("es").pk]},
    )

    # With the home page, without which it would have no place.
    assert targets() == {"ar": 0, "es": 2, "fr": 0}
    assert submit.unfinished(editor) == []
    no_harm_done()


def test_the_librarys_way_into_the_background_ends_in_the_same_place(section, locales, editor):
    background.enqueue(translate_page_subtree, [section.pk, locales, None, editor], {})

    (waiting,) = submit.unfinished(editor)
    assert (waiting.page_id, waiting.user, waiting.total) == (section.pk, editor, 4)


def test_the_submit_page_is_the_hubs_and_guarded(client, section, locales):
    match = resolve(reverse("wagtail_localize:submit_page_translation", args=[section.pk]))
    assert (match.namespaces, match.app_names) == (["hub_localize"], ["wagtail_localize"])
    officer = User.objects.create_user("officer")
    officer.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(officer)
    client.post(
        reverse("wagtail_localize:submit_page_translation", args=[section.pk]),
        {"locales": [locales[0].pk], "include_subtree": "on"},
    )
    assert SectionSubmission.objects.count() == 0


def test_a_section_that_is_cut_off_is_taken_up_where_it_was(section, locales, editor, monkeypatch):
    submission = submit.submit_section(section.pk, locales, editor)
    real, pages = submit._submit, []

    def killed_in_the_middle(page, *arguments):
        result = real(page, *arguments)
        pages.append(page.pk)
        if len(pages) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(submit, "_submit", killed_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        submit.work_through()
    submission.refresh_from_db()
    assert (submission.done, submission.finished_at) == (1, None)

    jobs.submit_sections()

    submission.refresh_from_db()
    assert len(pages) == len(set(pages)) == 4
    assert (submission.done, submission.total, submission.errors) == (4, 4, [])
    assert targets() == {"ar": 5, "es": 5, "fr": 5}
    assert Translation.objects.count() == TranslationTask.objects.count() == 3 * 6
    no_harm_done()


def test_a_run_stops_after_its_time_and_the_next_goes_on(section, locales, editor):
    submission = submit.submit_section(section.pk, locales, editor)
    submit.work_through(seconds=-1)
    submission.refresh_from_db()
    assert (submission.done, submission.finished_at) == (0, None)
    assert Translation.objects.count() == 0

    submit.work_through()
    submission.refresh_from_db()
    assert submission.finished_at is not None


def test_a_page_that_cannot_be_submitted_is_named_and_the_others_go_on(
    section, locales, editor, monkeypatch
):
    first, second, _third = section.get_children().order_by("path")
    submission = submit.submit_section(section.pk, locales, editor)
    save_target, get_or_create = (
        Translation.save_target,
        TranslationSource.get_or_create_from_instance,
    )

    def invalid(translation, **options):
        if translation.source.object_id == first.translation_key:
            raise ValidationError({"title": "too long"})
        return save_target(translation, **options)

    def broken(instance):
        if instance.pk == second.pk:
            raise KeyError("block")
        return get_or_create(instance)

    monkeypatch.setattr(Translation, "save_target", invalid)
    monkeypatch.setattr(TranslationSource, "get_or_create_from_instance", broken)
    submit.work_through()

    submission.refresh_from_db()
    assert submission.finished_at is not None
    assert [(error["title"], error["error"]) for error in submission.errors] == [
        (first.title, "The copy is not valid; open and save the page first."),
        (second.title, "KeyError: 'block'"),
    ]
    assert targets() == {"ar": 3, "es": 3, "fr": 3}
    assert not Translation.objects.filter(source__object_id=first.translation_key).exists()
    (todo,) = sections_being_submitted(editor)
    assert todo.text == (
        f"2 pages below “Stories” could not be submitted for translation: "
        f"“{first.title}”, “{second.title}”"
    )
    no_harm_done()


def test_what_has_a_translation_is_left_as_it_is(section, locales, editor):
    story = section.get_children().order_by("path")[2].specific
    published = translate(story, "es")
    submit.submit_section(section.pk, locales, editor)
    submit.work_through()

    after = Page.objects.get(pk=published.pk)
    assert after.live
    assert after.latest_revision_id == published.latest_revision_id
    assert not after.has_unpublished_changes
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_page_deep_in_the_tree_takes_its_parents_along_as_drafts(site, editor):
    template = factories.TemplatePageFactory(parent=site.templates)
    spanish = locale_of("es")
    submit.submit_section(template.pk, [spanish], editor)
    submit.work_through()

    assert targets() == {"ar": 0, "es": 4, "fr": 0}
    assert Translation.objects.filter(target_locale=spanish, enabled=True).count() == 4
    no_harm_done()


def test_an_alias_that_is_submitted_becomes_a_draft(section, editor):
    spanish = locale_of("es")
    story = section.get_children().first().specific
    translate(section, "es")
    page = alias(story, spanish)
    submit.submit_section(section.pk, [spanish], editor)
    submit.work_through()

    page.refresh_from_db()
    assert (page.live, page.alias_of_id) == (False, None)


def test_following_another_language_makes_no_aliases(section):
    french = locale_of("fr")
    LocaleSynchronization.objects.create(locale=french, sync_from=Locale.get_default())

    assert targets() == {"ar": 0, "es": 0, "fr": 0}
    assert SectionSubmission.objects.count() == 0


def test_sections_are_shown_to_those_who_look_after_the_source(section, locales, editor):
    translator = User.objects.create_user("translator")
    submit.submit_section(section.pk, locales, editor)

    assert submit.unfinished(translator) == []
    assert list(sections_being_submitted(translator)) == []
    assert submit.todo_texts(editor) != []


def test_looking_for_sections_costs_one_query(section, locales, editor, django_assert_num_queries):
    with django_assert_num_queries(1):
        submit.work_through()
    for expected in (1, 3):
        while SectionSubmission.objects.count() < expected:
            submit.submit_section(section.pk, locales, editor)
        with django_assert_num_queries(1):
            assert len(submit.unfinished(editor)) == expected

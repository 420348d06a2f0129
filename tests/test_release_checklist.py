"""Releases: what is missing in each language is said before anything goes public."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from home.models import ContactFormField
from hub.models import ReleasePage, TranslationTask
from hub.translation.release import check
from tests.factories import (
    ChapterPageFactory,
    ContactPageFactory,
    DocumentFactory,
    SessionPageFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
    TopicFactory,
    add_file,
    add_topics,
)
from tests.releasing import draft, make_editor, ready, release_of, spanish_sections
from tests.translating import locale_of, submit, translate, write
from toolkit.models import ChapterPage


@pytest.fixture
def es(site):
    return spanish_sections(site)


@pytest.fixture
def editor(es):
    return make_editor()


def findings(release, user, code="es") -> list[str]:
    (language,) = [row for row in check(release, user).languages if row.code == code]
    return [finding.text for finding in language.findings]


def test_checklist_says_that_a_page_is_not_submitted(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    found = check(release_of(page), editor)

    (source, spanish) = found.languages
    assert (source.name, source.blocking) == ("English", 0)
    assert [finding.text for finding in spanish.findings] == ["Not submitted for translation."]
    assert spanish.findings[0].url == f"/admin/localize/submit/page/{page.pk}/"
    assert spanish.findings[0].must


def test_checklist_counts_texts_that_are_missing_wrong_or_a_machines(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    translation = submit(page, es)
    release = release_of(page)
    assert findings(release, editor) == ["4 of 4 texts are not translated."]

    write(translation)
    assert findings(release, editor) == []

    first, second, third, _fourth = StringTranslation.objects.filter(
        context__object=page.translation_key
    )
    first.delete()
    second.translation_type = StringTranslation.TRANSLATION_TYPE_MACHINE
    second.save()
    third.has_error = True
    third.save()
    assert findings(release, editor) == [
        "1 of 4 texts is not translated.",
        "1 of 4 texts has an error.",
        "1 of 4 texts was translated by a machine and confirmed by nobody.",
    ]
    target = translation.get_target_instance()
    assert {finding.url for finding in check(release, editor).findings} == {
        f"/admin/pages/{target.pk}/edit/"
    }


def test_checklist_counts_a_text_that_was_translated_as_nothing(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    ready(page, es)
    row = StringTranslation.objects.filter(context__object=page.translation_key).first()
    row.data = ""
    row.save()
    assert findings(release_of(page), editor) == ["1 of 4 texts is not translated."]


def test_a_review_may_be_accepted_and_what_was_sent_back_may_not(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    task = ready(page, es).task
    release = release_of(page)
    task.refresh_from_db()
    task.state = TranslationTask.State.IN_REVIEW
    task.save()
    found = check(release, editor)
    assert [(row.text, row.must) for row in found.findings] == [("It waits for a review.", False)]

    task.state, task.returned_because = TranslationTask.State.RETURNED, "“tender” is licitación"
    task.save()
    found = check(release, editor)
    assert [(row.text, row.must) for row in found.findings] == [
        ("A reviewer has sent it back: “tender” is licitación", True)
    ]


def test_texts_of_a_draft_that_translators_were_not_given_are_counted(site, es, editor):
    page = StandardPageFactory(parent=site.home)
    page.save_revision().publish()
    translate(page, es)
    page = page.get_latest_revision_as_object()
    page.title = "Something else"
    page.save_revision()
    page.refresh_from_db()

    assert findings(release_of(page), editor) == [
        "1 text of the source is in a draft that translators have not been given."
    ]


def test_a_draft_that_only_repeats_known_texts_is_ready(site, es, editor):
    page = StandardPageFactory(parent=site.home)
    page.save_revision().publish()
    translate(page, es)
    page = page.get_latest_revision_as_object()
    page.menu_title = page.summary[:30]
    page.summary = page.title
    page.menu_title = ""
    page.save_revision()
    assert findings(release_of(Page.objects.get(pk=page.pk)), editor) == []


def test_a_translation_that_its_field_refuses_blocks(site, es, editor):
    page = draft(
        StandardPageFactory,
        parent=site.home,
        menu_title="Short",
        body=[
            ("heading", {"text": "Who decides", "level": "h2"}),
            ("rich_text", "<p>Everybody.</p>"),
        ],
    )
    write(submit(page, es), {"Short": "M" * 31, "Who decides": "Q" * 121})
    assert findings(release_of(page), editor) == [
        "Short title: Ensure this value has at most 30 characters (it has 31).",
        "Text: Ensure this value has at most 120 characters (it has 121).",
    ]


def test_source_that_could_not_be_public_blocks(site, es, editor):
    page = draft(SessionPageFactory, parent=site.training)
    content = page.latest_revision.content
    content["format"] = None
    page.latest_revision.save()
    assert findings(release_of(page), editor, "en") == ["Format: This field cannot be blank."]


def test_template_without_a_file_in_the_language_is_a_warning(site, es, editor):
    page = draft(TemplatePageFactory, parent=site.templates)
    add_file(page, language="en")
    page.save_revision()
    ready(page, es)
    release = release_of(page)
    found = check(release, editor)
    assert [(row.text, row.must) for row in found.findings] == [
        ("There is no file in Spanish.", False)
    ]
    assert found.findings[0].url == f"/admin/pages/{page.pk}/edit/"

    add_file(page, language="es")
    Page.objects.get(pk=page.pk).specific.save_revision()
    assert findings(release, editor) == []


def test_file_in_the_text_that_is_in_another_language_is_a_warning(site, es, editor):
    document = DocumentFactory(title="Brief", language="en")
    page = draft(
        StandardPageFactory,
        parent=site.home,
        body=[
            ("file", document),
            ("rich_text", f'<p><a linktype="document" id="{document.pk}">The brief</a></p>'),
        ],
    )
    ready(page, es)
    found = check(release_of(page), editor)
    assert [(row.text, row.url, row.must) for row in found.findings] == [
        (
            "The file “Brief” is in another language (English).",
            f"/admin/documents/edit/{document.pk}/",
            False,
        )
    ]


def test_links_to_pages_that_are_not_public_in_the_language(site, es, editor):
    other = StoryPageFactory(parent=site.stories, title="The other")
    page = draft(
        StandardPageFactory,
        parent=site.home,
        body=[
            ("rich_text", f'<p><a linktype="page" id="{other.pk}">There</a></p>'),
            ("page_cards", [other, site.stories]),
        ],
    )
    ready(page, es)
    release = release_of(page)
    found = check(release, editor)
    assert [(row.text, row.url, row.must) for row in found.findings] == [
        (
            "It links to “The other”, which is not public in this language.",
            f"/admin/localize/submit/page/{other.pk}/",
            False,
        )
    ]

    ready(other, es)
    ReleasePage.objects.create(release=release, page=other)
    assert findings(release, editor) == []


def test_related_story_counts_as_a_link(site, es, editor):
    story = StoryPageFactory(parent=site.stories, title="The story")
    page = draft(ChapterPageFactory, parent=site.toolkit)
    page.related_stories.create(story=story)
    page.save_revision()
    ready(page, es)
    assert findings(release_of(page), editor) == [
        "It links to “The story”, which is not public in this language."
    ]


def test_broken_references_block_in_the_source(site, es, editor):
    document, gone = DocumentFactory(), StandardPageFactory(parent=site.home)
    hidden = draft(StandardPageFactory, parent=site.home, title="Hidden")
    page = draft(
        StandardPageFactory,
        parent=site.home,
        body=[
            ("file", document),
            ("rich_text", f'<p><a linktype="page" id="{gone.pk}">There</a></p>'),
            ("page_cards", [hidden]),
        ],
    )
    ready(page, es)
    document.delete()
    gone.delete()
    release = release_of(page)
    assert findings(release, editor, "en") == [
        "It offers a file that was deleted.",
        "It links to a page that was deleted.",
        "It links to “Hidden”, which is not public.",
    ]
    assert len(check(release, editor).blocking) == 3


def test_form_needs_as_many_choices_as_its_source_and_none_twice(site, es, editor):
    page = draft(ContactPageFactory, parent=site.home)
    ContactFormField.objects.create(
        page=page,
        locale=page.locale,
        label="Who are you?",
        field_type="radio",
        choices="A group\nA journalist\nAn office",
        sort_order=0,
    )
    page.save_revision()
    translation = submit(page, es)
    write(translation)
    row = StringTranslation.objects.get(context__path__endswith=".choices", locale=es)
    release = release_of(page)
    assert findings(release, editor) == []

    row.data = "Un grupo<br/>Periodista"
    row.save()
    assert findings(release, editor) == [
        "The question “Who are you?” has 2 choices, in the source 3."
    ]
    row.data = "Un grupo<br/>Periodista<br/>Periodista"
    row.save()
    assert findings(release, editor) == ["Two choices of the question “Who are you?” are the same."]


def test_form_that_was_edited_by_itself_must_have_the_keys_and_thanks_of_its_source(
    site, es, editor
):
    page = draft(ContactPageFactory, parent=site.home, thanks="<p>We answer soon.</p>")
    ContactFormField.objects.create(
        page=page, locale=page.locale, label="What is it?", sort_order=0
    )
    page.save_revision()
    translation = ready(page, es)
    translation.save_target(publish=False)
    translation.enabled = False
    translation.save()
    target = translation.get_target_instance()
    release = release_of(page)
    assert findings(release, editor) == []

    target.form_fields.all().delete()
    target = type(target).objects.get(pk=target.pk)
    target.thanks = ""
    target.save_revision()
    assert findings(release, editor) == [
        "The form lacks the question “What is it?”.",
        "“Thanks” is empty.",
    ]


def test_form_in_a_language_without_an_interface_is_a_warning(site, editor):
    page = draft(ContactPageFactory, parent=site.home)
    translate(site.home, "pt")
    ready(page, locale_of("pt"))
    assert findings(release_of(page, locales=["pt"]), editor, "pt") == [
        "The fixed words of its form and its mails are not translated: readers get English."
    ]


def test_terms_that_are_not_translated_are_warnings(site, es, editor):
    page = draft(ChapterPageFactory, parent=site.toolkit)
    topic = TopicFactory(title="Audit")
    add_topics(page, topic)
    ChapterPage.objects.get(pk=page.pk).save_revision()
    ready(page, es)
    release = release_of(page)
    (finding,) = check(release, editor).findings
    assert (finding.text, finding.must) == ("“Audit” (topic) is not translated.", False)
    spanish = topic.get_translation(es)
    assert finding.url == f"/admin/snippets/hub/topic/edit/{spanish.pk}/"

    translate(topic, es)
    assert findings(release, editor) == []


def test_page_in_a_language_without_home_page_blocks(site, editor):
    page = draft(StandardPageFactory, parent=site.home)
    ready(page, locale_of("fr"))
    assert "“Plain Tender”, the page above it, is not public in this language." in findings(
        release_of(page, locales=["fr"]), editor, "fr"
    )


def test_locks_and_times_of_a_pages_own_block(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    page.locked = True
    page.go_live_at = timezone.now() + timedelta(days=3)
    page.save()
    page.save_revision()
    found = findings(release_of(page), editor, "en")
    assert found[0] == "It is locked."
    assert found[1].startswith("It has a time of its own to go public, ")


def test_deleted_page_and_empty_release_are_said(site, es, editor):
    page = StandardPageFactory(parent=site.home, title="Gone")
    release = release_of(page)
    page.delete()
    assert [row.text for row in check(release, editor).general] == [
        "“Gone” has been deleted since. Take it out.",
        "There are no pages in this release.",
    ]

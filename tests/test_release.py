"""Releases: what is missing in each language is said, and all of it goes public at once or nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale, Page, PageLogEntry
from wagtail_localize.models import StringTranslation

from home.models import ContactFormField
from hub import caching, jobs
from hub.models import OutgoingMail, Release, ReleasePage, TranslationTask, User
from hub.roles import EDITORS, TRAINING_OFFICERS, set_up_roles
from hub.translation import release as releases
from hub.translation.release import NotReady, check, publish, publish_due
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
from tests.translating import locale_of, submit, translate, write
from toolkit.models import ChapterPage

CHECKLIST = "/admin/releases/{}/"


@pytest.fixture
def es(site):
    """Spanish, whose home page and sections are public."""
    for section in (site.toolkit, site.templates, site.training, site.stories, site.contact):
        translate(section, "es")
    return locale_of("es")


@pytest.fixture
def editor(es):
    set_up_roles()
    user = User.objects.create_user("ed", "ed@example.org", first_name="Edda")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def draft(factory, **fields):
    """A page that an editor has written and not published."""
    page = factory(live=False, **fields)
    page.save_revision()
    page.refresh_from_db()
    return page


def release_of(*pages, locales=("es",), **fields) -> Release:
    release = Release.objects.create(name="March", **fields)
    release.locales.set([locale_of(code) for code in locales])
    for page in pages:
        ReleasePage.objects.create(release=release, page=page)
    return release


def findings(release, user, code="es") -> list[str]:
    (language,) = [row for row in check(release, user).languages if row.code == code]
    return [finding.text for finding in language.findings]


def ready(page, locale):
    translation = submit(page, locale)
    write(translation)
    return translation


# What is missing


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


# Publishing


def test_publishing_makes_every_page_public_in_every_language(site, es, editor):
    section = draft(StandardPageFactory, parent=site.home, title="Section")
    below = draft(StandardPageFactory, parent=section, title="Below")
    for page in (section, below):
        ready(page, es)
    release = release_of(below, section)

    assert publish(release, editor)
    for page in (section, below):
        for locale in (page.locale, es):
            version = Page.objects.get(translation_key=page.translation_key, locale=locale)
            assert version.live
            entry = PageLogEntry.objects.get(page=version, action="wagtail.publish")
            assert entry.user == editor
    assert Page.objects.get(translation_key=below.translation_key, locale=es).title == "es: Below"
    release.refresh_from_db()
    assert release.published_by == editor
    assert timezone.now() - release.published_at < timedelta(minutes=1)
    assert Page.find_problems() == ([], [], [], [], [])


def test_publishing_takes_drafts_of_public_pages_to_their_translations(site, es, editor):
    page = SessionPageFactory(parent=site.training, capacity=20)
    page.save_revision().publish()
    translate(page, es)
    page = page.get_latest_revision_as_object()
    page.capacity = 30
    page.save_revision()

    assert publish(release_of(page), editor, accepting=True)
    versions = type(page).objects.filter(translation_key=page.translation_key)
    assert [version.capacity for version in versions] == [30, 30]


def test_nothing_is_published_while_something_is_missing(site, es, editor):
    done, open_ = [draft(StandardPageFactory, parent=site.home) for _number in range(2)]
    ready(done, es)
    submit(open_, es)
    with pytest.raises(NotReady) as refusal:
        publish(release_of(done, open_), editor, accepting=True)
    assert refusal.value.reasons == [f"{open_.title} (Español): 4 of 4 texts are not translated."]
    assert not Page.objects.filter(pk__in=[done.pk, open_.pk], live=True).exists()


def test_warnings_must_be_accepted(site, es, editor):
    page = draft(TemplatePageFactory, parent=site.templates)
    add_file(page, language="en")
    page.save_revision()
    ready(page, es)
    release = release_of(page)
    with pytest.raises(NotReady):
        publish(release, editor)
    assert publish(release, editor, accepting=True)


def test_a_page_that_fails_undoes_all_before_it(site, es, editor, monkeypatch):
    pages = [draft(StandardPageFactory, parent=site.home) for _number in range(2)]
    for page in pages:
        ready(page, es)
    one = releases._publish_translation

    def fail_at_the_second(page, locale, user):
        if page.pk == pages[1].pk:
            raise ValidationError("The disk is full.")
        one(page, locale, user)

    monkeypatch.setattr(releases, "_publish_translation", fail_at_the_second)
    release = release_of(*pages)
    with pytest.raises(NotReady, match="The disk is full"):
        publish(release, editor)

    keys = [page.translation_key for page in pages]
    assert not Page.objects.filter(translation_key__in=keys, live=True).exists()
    release.refresh_from_db()
    assert release.published_at is None


def test_whoever_may_not_publish_a_page_publishes_none(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    ready(page, es)
    officer = User.objects.create_user("officer")
    officer.groups.add(Group.objects.get(name=TRAINING_OFFICERS))
    with pytest.raises(NotReady, match="officer may not publish it"):
        publish(release_of(page), officer)


def test_publishing_twice_does_it_once(site, es, editor):
    page = draft(StandardPageFactory, parent=site.home)
    ready(page, es)
    release = release_of(page)
    other_window = Release.objects.get()
    assert publish(release, editor)
    assert not publish(other_window, editor)
    assert PageLogEntry.objects.filter(page=page, action="wagtail.publish").count() == 1


def test_publishing_moves_the_generation_on_once(site, es, editor, monkeypatch):
    pages = [draft(StandardPageFactory, parent=site.home) for _number in range(2)]
    for page in pages:
        ready(page, es)
    moves = []
    monkeypatch.setattr(caching, "on_commit", moves.append)
    publish(release_of(*pages), editor)
    assert len(moves) == 1


# By the clock


@pytest.fixture
def due(site, es, editor):
    """A release whose time has come, of one page that is ready."""
    page = draft(StandardPageFactory, parent=site.home)
    ready(page, es)
    return release_of(page, publish_at=timezone.now() - timedelta(seconds=5), scheduled_by=editor)


def test_a_release_is_published_when_it_is_due(due, editor):
    later = release_of(publish_at=timezone.now() + timedelta(hours=1), scheduled_by=editor)
    jobs.publish_releases()

    due.refresh_from_db()
    assert due.published_by == editor
    assert due.page_rows.get().page.live
    later.refresh_from_db()
    assert (later.published_at, later.held_at) == (None, None)
    assert not OutgoingMail.objects.exists()


def test_a_release_that_is_not_ready_is_held_back_and_said_once(due, editor, client):
    StringTranslation.objects.filter(
        context__object=due.page_rows.get().page.translation_key
    ).first().delete()
    jobs.publish_releases()
    jobs.publish_releases()

    due.refresh_from_db()
    assert due.published_at is None
    assert not due.page_rows.get().page.live
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ("ed@example.org", "Not published: March")
    assert "1 of 4 texts is not translated." in mail.text
    assert f"/admin/releases/{due.pk}/" in mail.text

    client.force_login(editor)
    front = client.get("/admin/").content.decode()
    assert "A release was not ready at its time" in front
    assert CHECKLIST.format(due.pk) in front


def test_the_clock_does_not_accept_warnings_that_nobody_accepted(site, due):
    page = due.page_rows.get().page.specific
    page.related_stories.create(story=StoryPageFactory(parent=site.stories))
    page.save_revision()
    jobs.publish_releases()
    due.refresh_from_db()
    assert due.held_at is not None

    Release.objects.update(held_at=None, accepts_warnings=True)
    jobs.publish_releases()
    due.refresh_from_db()
    assert due.published_at is not None


def test_a_release_of_somebody_who_left_is_held_back(due, editor):
    editor.is_active = False
    editor.save()
    publish_due()
    due.refresh_from_db()
    assert due.held_at is not None
    assert not OutgoingMail.objects.exists()


def test_a_worker_that_was_overtaken_does_nothing(due, editor, monkeypatch):
    seen = list(releases.due())
    publish_due()
    published_at = Release.objects.get(pk=due.pk).published_at
    monkeypatch.setattr(releases, "due", lambda: seen)
    publish_due()
    assert Release.objects.get(pk=due.pk).published_at == published_at
    assert Release.objects.get(pk=due.pk).held_at is None


def test_one_release_that_fails_does_not_stop_the_next(due, editor, es, monkeypatch):
    broken = release_of(
        due.page_rows.get().page,
        publish_at=timezone.now() - timedelta(minutes=5),
        scheduled_by=editor,
    )
    whole = releases.publish

    def fail(release, user, *, accepting):
        if release.pk == broken.pk:
            raise RuntimeError("no disk")
        return whole(release, user, accepting=accepting)

    monkeypatch.setattr(releases, "publish", fail)
    with pytest.raises(RuntimeError):
        publish_due()
    due.refresh_from_db()
    assert due.published_at is not None


# In the admin


def form_data(*pages, **fields) -> dict:
    data = {
        "name": "March",
        "publish_at": "",
        "locales": [str(locale_of("es").pk)],
        "page_rows-TOTAL_FORMS": len(pages),
        "page_rows-INITIAL_FORMS": 0,
        "page_rows-MIN_NUM_FORMS": 0,
        "page_rows-MAX_NUM_FORMS": 1000,
    }
    for number, page in enumerate(pages):
        data[f"page_rows-{number}-page"] = str(page)
        data[f"page_rows-{number}-id"] = ""
        data[f"page_rows-{number}-DELETE"] = ""
    return data | fields


def test_editor_makes_a_release_of_a_section(site, es, editor, client):
    client.force_login(editor)
    chapter = ChapterPageFactory(parent=site.toolkit)
    assert client.get("/admin/releases/new/").status_code == 200
    response = client.post(
        "/admin/releases/new/",
        form_data(site.toolkit.pk, everything_below="on", publish_at="2099-03-22 14:30"),
    )

    release = Release.objects.get()
    assert response.url == CHECKLIST.format(release.pk)
    assert [row.page_id for row in release.page_rows.all()] == [
        site.toolkit.pk,
        site.templates.pk,
        chapter.pk,
    ]
    assert list(release.locales.all()) == [es]
    assert (release.created_by, release.scheduled_by) == (editor, editor)
    assert release.publish_at.isoformat() == "2099-03-22T14:30:00+00:00"


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"publish_at": "2001-01-01 10:00"}, "This time has passed. Choose a later one"),
        ({"page_rows-TOTAL_FORMS": 0}, "Choose at least one page."),
        ({"page_rows-0-page": "99999"}, "This page has been deleted since."),
        ({"page_rows-0-page": ""}, "Choose at least one page."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(site, es, editor, client, bad, sentence):
    client.force_login(editor)
    response = client.post("/admin/releases/new/", form_data(site.toolkit.pk) | bad)
    html = response.content.decode()
    assert response.status_code == 200
    assert sentence in html
    assert not Release.objects.exists()
    assert "name" in bad or 'value="March"' in html


def test_page_in_another_language_or_twice_is_refused(site, es, editor, client):
    client.force_login(editor)
    spanish = site.toolkit.get_translation(es)
    response = client.post(
        "/admin/releases/new/", form_data(spanish.pk, site.training.pk, site.training.pk)
    )
    html = response.content.decode()
    assert "This page is in Spanish. Choose the page in English it was made from" in html
    assert "This page is in the list already." in html
    assert not Release.objects.exists()


def test_time_is_on_the_editors_clock(site, es, editor, client):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(editor)
    profile.current_time_zone = "Africa/Nairobi"
    profile.save()
    client.force_login(editor)
    assert "Africa/Nairobi" in client.get("/admin/releases/new/").content.decode()
    client.post("/admin/releases/new/", form_data(site.toolkit.pk, publish_at="2099-03-22 17:30"))
    assert Release.objects.get().publish_at.isoformat() == "2099-03-22T14:30:00+00:00"


def test_a_new_time_takes_a_release_up_again(due, editor, client):
    due.held_at = timezone.now()
    due.scheduled_by = None
    due.save()
    client.force_login(editor)
    row = due.page_rows.get()
    data = form_data(row.page_id, publish_at="2099-03-22 17:30") | {
        "page_rows-INITIAL_FORMS": 1,
        "page_rows-0-id": row.pk,
    }
    assert client.post(f"/admin/releases/edit/{due.pk}/", data).status_code == 302
    due.refresh_from_db()
    assert (due.held_at, due.scheduled_by) == (None, editor)


def test_line_of_a_deleted_page_says_which_it_was(site, es, editor, client):
    page = StandardPageFactory(parent=site.home, title="Gone")
    release = release_of(page, site.toolkit)
    page.delete()
    client.force_login(editor)
    rows = list(release.page_rows.all())
    data = form_data("", site.toolkit.pk) | {
        "page_rows-INITIAL_FORMS": 2,
        "page_rows-0-id": rows[0].pk,
        "page_rows-1-id": rows[1].pk,
    }
    html = client.post(f"/admin/releases/edit/{release.pk}/", data).content.decode()
    assert "“Gone” has been deleted since. Choose another page or take this line out." in html


def test_checklist_offers_to_publish_only_when_nothing_blocks(site, es, editor, client):
    page = draft(StandardPageFactory, parent=site.home)
    translation = submit(page, es)
    release = release_of(page)
    client.force_login(editor)
    html = client.get(CHECKLIST.format(release.pk)).content.decode()
    assert "1 thing missing" in html
    assert "Publish everything now" not in html

    write(translation)
    html = client.get(CHECKLIST.format(release.pk)).content.decode()
    assert "Publish everything now" in html
    response = client.post(CHECKLIST.format(release.pk), follow=True)
    html = response.content.decode()
    assert "Published, in all languages." in html
    assert " by Edda." in html
    page.refresh_from_db()
    assert page.live
    assert client.get(f"/admin/releases/edit/{release.pk}/").url == CHECKLIST.format(release.pk)
    assert client.post(f"/admin/releases/delete/{release.pk}/").status_code == 302
    assert Release.objects.filter(pk=release.pk).exists()


def test_checklist_asks_to_accept_warnings(site, es, editor, client):
    page = draft(TemplatePageFactory, parent=site.templates)
    add_file(page, language="en")
    page.save_revision()
    ready(page, es)
    release = release_of(page)
    client.force_login(editor)
    response = client.post(CHECKLIST.format(release.pk))
    assert "Tick this if you want to publish it all the same." in response.content.decode()
    assert not Release.objects.get().published_at

    client.post(CHECKLIST.format(release.pk), {"accept": "on"})
    assert Release.objects.get().published_at


def test_everybody_but_editors_is_refused_at_every_address(site, es, editor, client):
    release = release_of(site.toolkit)
    addresses = ["", "results/", "new/", f"{release.pk}/"]
    addresses += [f"edit/{release.pk}/", f"delete/{release.pk}/"]
    people = [TRAINING_OFFICERS, "Translators: Español", "Reviewers: Español"]
    for number, group in enumerate(people):
        user = User.objects.create_user(f"user{number}")
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        for address in addresses:
            for method in (client.get, client.post):
                response = method(f"/admin/releases/{address}")
                assert (response.status_code, response.url) == (302, "/admin/"), address
        assert "/admin/releases/" not in client.get("/admin/").content.decode()
    assert Release.objects.filter(published_at=None).count() == 1

    client.force_login(editor)
    for address in addresses:
        assert client.get(f"/admin/releases/{address}").status_code == 200
    assert "/admin/releases/" in client.get("/admin/").content.decode()


# What it costs


def translated_pages(site, number, locales):
    pages = []
    for _number in range(number):
        topic = TopicFactory()
        page = draft(
            ChapterPageFactory,
            parent=site.toolkit,
            body=[
                ("page_cards", [StoryPageFactory(parent=site.stories)]),
                ("file", DocumentFactory()),
            ],
        )
        add_topics(page, topic)
        ChapterPage.objects.get(pk=page.pk).save_revision()
        for locale in locales:
            submit(page, locale)
        pages.append(page)
    return pages


@pytest.mark.parametrize("number", [1, 3])
def test_checklist_queries(site, es, editor, number, django_assert_num_queries):
    release = release_of(*translated_pages(site, number, [es]))
    check(release, editor)
    TranslationTask.objects.update(recount=True)
    with django_assert_num_queries(25):
        check(release, editor)


@pytest.mark.parametrize("number", [1, 3])
def test_checklist_screen_queries(site, es, editor, client, number, django_assert_num_queries):
    fr = locale_of("fr")
    release = release_of(*translated_pages(site, number, [es, fr]), locales=["es", "fr"])
    client.force_login(editor)
    client.get(CHECKLIST.format(release.pk))
    with django_assert_num_queries(28):
        client.get(CHECKLIST.format(release.pk))


@pytest.mark.parametrize("number", [1, 3])
def test_list_queries(site, es, editor, client, number, django_assert_num_queries):
    for _number in range(number):
        release_of(site.toolkit)
    client.force_login(editor)
    client.get("/admin/releases/")
    with django_assert_num_queries(12):
        client.get("/admin/releases/")


def test_locale_of_the_source_is_no_choice(site, es, editor, client):
    client.force_login(editor)
    form = client.get("/admin/releases/new/").context["form"]
    assert [label for _value, label in form.fields["locales"].choices] == ["Español"]
    assert Locale.get_default() not in form.fields["locales"].queryset

"""Releases: all of it goes public at once or nothing, by hand and by the clock."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail_localize.models import StringTranslation

from hub import caching, jobs
from hub.models import OutgoingMail, Release, User
from hub.roles import TRAINING_OFFICERS
from hub.translation import release as releases
from hub.translation.release import NotReady, publish, publish_due
from tests.factories import (
    SessionPageFactory,
    StandardPageFactory,
    StoryPageFactory,
    TemplatePageFactory,
    add_file,
)
from tests.releasing import (
    CHECKLIST,
    draft,
    due_release,
    make_editor,
    ready,
    release_of,
    spanish_sections,
)
from tests.translating import submit, translate


@pytest.fixture
def es(site):
    return spanish_sections(site)


@pytest.fixture
def editor(es):
    return make_editor()


@pytest.fixture
def due(site, es, editor):
    return due_release(site, es, editor)


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

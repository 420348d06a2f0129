"""The verbs of a release: check it, publish it in one piece, hold it back and say so."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail.users.models import UserProfile
from wagtail_localize.models import Translation

from hub import caching
from hub.mail.outbox import enqueue
from hub.mail.render import render
from hub.models import Release, ReleasePage, User
from hub.models.pages import CannotPublish
from hub.translation import release_checks as checks
from hub.translation.readiness import Cell, Checklist, Facts, Finding, Language, is_draft

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """A release that cannot be published as it is. ``reasons`` are sentences that say why."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def check(release: Release, user: User | None) -> Checklist:
    """What is missing before ``user`` can publish ``release``."""
    return checklist(Facts(release, user))


def checklist(facts: Facts) -> Checklist:
    """What is missing, over all pages and languages of a release."""
    return Checklist(
        list(_general(facts)),
        [
            Language(locale, [_cell(facts, page, locale) for page in facts.pages])
            for locale in facts.locales
        ],
    )


def _general(facts: Facts) -> Iterator[Finding]:
    for title in facts.deleted:
        yield Finding(_("“%(page)s” has been deleted since. Take it out.") % {"page": title})
    if not facts.pages:
        yield Finding(_("There are no pages in this release."))
    if facts.user is None or not facts.user.is_active:
        yield Finding(_("Whoever set the time has no account any more. Set the time again."))


def _cell(facts: Facts, page: Page, locale: Locale) -> Cell:
    cell, kind = Cell(page, locale), checks.OF_A_TRANSLATION
    if locale == facts.source:
        kind = checks.OF_A_SOURCE
        cell.note = _("Changes go public") if is_draft(page) else _("Public already")
    elif (page.translation_key, locale.pk) not in facts.targets:
        kind = [checks.not_submitted]
    elif facts.by_hand(page, locale):
        kind = checks.OF_A_PAGE_BY_HAND
        cell.note = _("Edited by itself, not translated from the source")
    for look in kind:
        cell.findings += look(facts, page, locale)
    return cell


def add_everything_below(release: Release, pages: list[Page]):
    """Adds what lies below ``pages`` now; what is added to a section later is not part of it."""
    below = models.Q(pk__in=[])
    for page in pages:
        below |= models.Q(path__startswith=page.path, depth__gt=page.depth)
    known = release.page_rows.exclude(page=None).values("page")
    ReleasePage.objects.bulk_create(
        ReleasePage(release=release, page=page, title=page.title)
        for page in Page.objects.filter(below, alias_of=None).exclude(pk__in=known).order_by("path")
    )


def publish(release: Release, user: User | None, *, accepting: bool = False) -> bool:
    """Publishes every page of ``release`` in every language of it, or nothing at all.

    False if it was published before, or its time was changed, since ``release`` was read. Raises
    NotReady when something blocks, or when there are warnings and ``accepting`` is not set.
    """
    with caching.forgetting_once(), transaction.atomic():
        current = Release.objects.select_for_update().get(pk=release.pk)
        if current.published_at or current.publish_at != release.publish_at:
            return False
        facts = Facts(current, user)
        found = checklist(facts)
        if found.blocking or (found.warnings and not accepting):
            raise NotReady(found.sentences(must=bool(found.blocking)))
        for page in facts.pages:
            _in_one_piece(page, _publish_source, page, user)
        for locale in facts.locales[1:]:
            for page in facts.pages:
                _in_one_piece(page, _publish_translation, page, locale, user)
        current.published_at, current.published_by = timezone.now(), user
        current.held_at = None
        current.save(update_fields=["published_at", "published_by", "held_at"])
    release.published_at, release.published_by = current.published_at, user
    return True


def _in_one_piece(page: Page, publish_one, *arguments):
    """Turns what Wagtail refuses after all into a reason not to publish anything."""
    try:
        publish_one(*arguments)
    except (ValidationError, PermissionDenied, CannotPublish) as refusal:
        reason = " ".join(getattr(refusal, "messages", [str(refusal)]))
        raise NotReady([f"{page.title}: {reason}"]) from refusal


def _publish_source(page: Page, user: User):
    if is_draft(page):
        revision = page.latest_revision or page.specific.save_revision(user=user)
        revision.publish(user=user)


def _publish_translation(page: Page, locale: Locale, user: User):
    """Made anew from the source as it is now, so that pictures, times and dates are the same, too."""
    made = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=locale, enabled=True
    ).first()
    if made:
        made.save_target(user=user, publish=False)
    target = Page.objects.get(translation_key=page.translation_key, locale=locale)
    if made or is_draft(target):
        target.specific.get_latest_revision().publish(user=user)


# By the clock


def publish_due():
    """Publishes what is due, in the name of whoever set the time; what is not ready is held back.

    One release that fails for another reason does not stop the others; it is tried again.
    """
    failure = None
    for release in due():
        with as_seen_by(release.scheduled_by):
            try:
                publish(release, release.scheduled_by, accepting=release.accepts_warnings)
            except NotReady as reason:
                hold(release, reason.reasons)
            except Exception as error:
                logger.exception("The release “%s” could not be published.", release)
                failure = error
    if failure:
        raise failure


def due():
    return Release.objects.filter(
        publish_at__lte=timezone.now(), published_at=None, held_at=None
    ).order_by("publish_at", "pk")


@transaction.atomic
def hold(release: Release, reasons: list[str]):
    """Leaves a release to people, and writes once to whoever set its time."""
    held = Release.objects.filter(
        pk=release.pk, publish_at=release.publish_at, published_at=None, held_at=None
    ).update(held_at=timezone.now())
    editor = release.scheduled_by
    if not held or editor is None or not editor.is_active or not editor.email:
        return
    told = {
        "release": release,
        "time": date_format(timezone.localtime(release.publish_at), "DATETIME_FORMAT"),
        "reasons": reasons[:20],
        "more": max(len(reasons) - 20, 0),
        "address": reverse("releases:checklist", args=[release.pk]),
    }
    enqueue(
        f"release-held:{release.pk}:{release.publish_at.isoformat()}",
        to=editor.email,
        mail=render("release_held", told, translation.get_language()),
    )


@contextmanager
def as_seen_by(user: User | None):
    """Within it, sentences are in the language, and times on the clock, of somebody in the admin."""
    if user is None:
        yield
        return
    profile = UserProfile.get_for_user(user)
    with (
        translation.override(profile.get_preferred_language()),
        timezone.override(profile.get_current_time_zone()),
    ):
        yield


def held(limit: int = 6) -> list[Release]:
    """The releases whose time came while they were not ready, the latest first."""
    return list(
        Release.objects.filter(published_at=None).exclude(held_at=None).order_by("-held_at")[:limit]
    )

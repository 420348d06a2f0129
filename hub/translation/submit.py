"""Submitting whole sections for translation: noted at once, worked through by the clock."""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation
from wagtail_localize.operations import TranslationCreator

from hub.models import SectionSubmission, User
from hub.translation import teams

logger = logging.getLogger(__name__)

# Of work in one run, in seconds: mail and whatever else is due must not wait for a whole section.
RUN = 20
# How long the submitter is shown what went wrong.
SHOW_ERRORS = timedelta(days=7)


class NotSubmitted(Exception):
    """wagtail-localize has passed over a page that it could not save; says why."""


def submit_section(page_id: int, locales: Iterable[Locale], user: User | None) -> SectionSubmission:
    """Notes that all pages below a page are to be submitted, in the caller's transaction."""
    page = Page.objects.get(pk=page_id)
    submission = SectionSubmission.objects.create(
        page=page, user=user, total=_section(page).count()
    )
    submission.locales.set(locales)
    return submission


def unfinished(user: User) -> list[SectionSubmission]:
    """The sections that are being worked through, the oldest first. One query."""
    if not teams.is_editor(user):
        return []
    return list(SectionSubmission.objects.filter(finished_at=None).select_related("page", "user"))


def work_through(seconds: float = RUN):
    """Submits pages of the waiting sections, the oldest first, for about ``seconds``.

    May be cut off anywhere: a page is submitted whole or not at all, and the next run goes on with
    those that have no translation yet.
    """
    deadline = time.monotonic() + seconds
    for submission in SectionSubmission.objects.filter(finished_at=None).select_related("user"):
        if not _work_on(submission, deadline):
            return


def _work_on(submission: SectionSubmission, deadline: float) -> bool:
    """Whether the section is finished."""
    locales = list(submission.locales.all())
    pages = list(_section(submission.page).order_by("path"))
    translated = {locale.pk: _translated_into(locale) for locale in locales}
    failed = {error["page"] for error in submission.errors}
    waiting = [
        page
        for page in pages
        if page.pk not in failed
        and any(page.translation_key not in translated[locale.pk] for locale in locales)
    ]
    submission.total, submission.done = len(pages), len(pages) - len(waiting)
    for page in waiting:
        if time.monotonic() > deadline:
            submission.save(update_fields=["total", "done"])
            return False
        try:
            seen = _submit(page, locales, translated, submission.user)
        except Exception as error:  # noqa: BLE001 - one page must not keep the others waiting
            logger.exception("Page %s could not be submitted for translation.", page.pk)
            submission.errors.append(
                {"page": page.pk, "title": page.title, "error": _describe(error)}
            )
        else:
            translated.update(seen)
        submission.done += 1
        submission.save(update_fields=["total", "done", "errors"])
    submission.finished_at = timezone.now()
    submission.save(update_fields=["total", "done", "finished_at"])
    return True


@transaction.atomic
def _submit(
    page: Page, locales: list[Locale], translated: dict[int, set], user: User | None
) -> dict[int, set]:
    """Submits a page into the languages that lack it; ``translated`` with what has come to it."""
    seen = {}
    for locale in locales:
        creator = TranslationCreator(user, [locale])
        # What a page refers to goes with it, unless it has a translation: saving that again would
        # make a draft of what is published.
        creator.seen_objects = set(translated[locale.pk])
        creator.create_translations(page)
        if not page.get_translations().filter(locale=locale).exists():
            raise NotSubmitted(gettext("The copy is not valid; open and save the page first."))
        seen[locale.pk] = creator.seen_objects
    return seen


def _section(page: Page):
    return page.get_descendants(inclusive=True)


def _translated_into(locale: Locale) -> set:
    """The translation keys of what there is in a language: pages that are no aliases, and terms."""
    pages = Page.objects.filter(locale=locale, alias_of=None).values_list(
        "translation_key", flat=True
    )
    terms = Translation.objects.filter(target_locale=locale, enabled=True).exclude(
        source__object__content_type__model="page"
    )
    return {*pages, *terms.values_list("source__object_id", flat=True)}


def _describe(error: Exception) -> str:
    return (
        str(error) if isinstance(error, NotSubmitted) else f"{type(error).__name__}: {error}"[:300]
    )


def todo_texts(user: User) -> list[str]:
    """For the submitter: how far the sections are, and which pages could not be submitted."""
    lines = []
    since = timezone.now() - SHOW_ERRORS
    for submission in SectionSubmission.objects.filter(user=user).select_related("page"):
        if submission.finished_at is None:
            lines.append(
                gettext(
                    "“%(page)s” is being submitted for translation: %(done)d of %(total)d pages."
                )
                % {
                    "page": submission.page.title,
                    "done": submission.done,
                    "total": submission.total,
                }
            )
        elif submission.errors and submission.finished_at > since:
            titles = ", ".join(f"“{error['title']}”" for error in submission.errors[:5])
            count = len(submission.errors)
            lines.append(
                ngettext(
                    "%(count)d page below “%(page)s” could not be submitted for translation: %(titles)s",
                    "%(count)d pages below “%(page)s” could not be submitted for translation: %(titles)s",
                    count,
                )
                % {"count": count, "page": submission.page.title, "titles": titles}
            )
    return lines

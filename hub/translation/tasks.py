"""The verbs of translating: write, assign, send for review, send back, publish.

Who may do what is asked in the views (hub.translation.guard); what can be done at all, here.
"""

import html
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    TemplateSegment,
    Translation,
)
from wagtail_localize.strings import StringValue, validate_translation_links

from hub.models import TranslationTask, TranslatorQuestion, User
from hub.translation import notify, progress, tracking

State = TranslationTask.State


class Refused(Exception):
    """Something cannot be done; the argument is a sentence that says why."""


@dataclass
class Conflict(Exception):
    """Somebody else has written another translation meanwhile: theirs, and whose it is."""

    theirs: str
    who: str


def rich_paths(translation: Translation) -> set[str]:
    """The content paths whose texts are HTML; all others are kept escaped and shown plain."""
    return set(
        TemplateSegment.objects.filter(source=translation.source_id).values_list(
            "context__path", flat=True
        )
    )


def as_typed(text: str, *, rich: bool) -> str:
    return text if rich else html.unescape(text)


def as_kept(text: str, *, rich: bool) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    return text if rich else html.escape(text, quote=False)


@transaction.atomic
def write(
    translation: Translation, segment: StringSegment, text: str, user: User, seen: str | None
) -> StringTranslation | None:
    """Keeps ``text``, as wagtail-localize keeps it, as the translation of a text; "" removes it.

    ``seen`` is the ``version`` of the translation that the user had before them ("" for none), or
    None to write whatever there is. Raises Conflict if it has been written to since by somebody
    else, with other words; Refused if the text's tags are wrong. A machine's words that are written
    unchanged are thereby confirmed.
    """
    place = {
        "translation_of_id": segment.string_id,
        "context_id": segment.context_id,
        "locale_id": translation.target_locale_id,
    }
    present = (
        StringTranslation.objects.select_for_update(of=("self",))
        .select_related("last_translated_by")
        .filter(**place)
        .first()
    )
    if seen is not None and version(present) != seen and (present.data if present else "") != text:
        who = present.last_translated_by if present else None
        raise Conflict(present.data if present else "", who.get_username() if who else "")
    if not text:
        if present:
            present.delete()
        return None
    try:
        StringValue.from_translated_html(text)
        validate_translation_links(segment.string.data, text)
    except ValueError as error:
        raise Refused(str(error)) from error
    row = present or StringTranslation(**place)
    row.data = text
    row.translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
    row.tool_name = ""
    row.last_translated_by = user
    row.has_error, row.field_error = False, ""
    row.save()
    Translation.objects.filter(pk=translation.pk).update(
        translations_last_updated_at=timezone.now()
    )
    reopen(translation)
    return row


def version(row: StringTranslation | None) -> str:
    """What a form remembers of a translation, to notice when it has been written to since."""
    return row.updated_at.isoformat() if row else ""


def reopen(translation: Translation):
    """Something was written into what had been published: it is in translation again."""
    TranslationTask.objects.filter(translation=translation, state=State.PUBLISHED).update(
        state=State.WORKING
    )


def assign(translation: Translation, assignee: User | None, due_on: date | None):
    task = tracking.task_of(translation)
    task.assignee, task.due_on = assignee, due_on
    task.save(update_fields=["assignee", "due_on"])


@transaction.atomic
def send_for_review(translation: Translation, user: User) -> TranslationTask:
    """Raises Refused while anything is untranslated."""
    _refuse_unfinished(translation)
    task = tracking.task_of(translation)
    task.state = State.IN_REVIEW
    task.submitted_by, task.submitted_at = user, timezone.now()
    task.returned_because = ""
    task.save(update_fields=["state", "submitted_by", "submitted_at", "returned_because"])
    notify.submitted(task)
    return task


@transaction.atomic
def send_back(translation: Translation, user: User, because: str) -> TranslationTask:
    """Raises Refused without a reason: a translator must know what to change."""
    if not because.strip():
        raise Refused(_("Say what is to be changed: the translator reads it above the page."))
    task = tracking.task_of(translation)
    task.state = State.RETURNED
    task.returned_because, task.returned_by = because.strip(), user
    task.save(update_fields=["state", "returned_because", "returned_by"])
    notify.returned(task)
    return task


def publish(translation: Translation, user: User | None) -> TranslationTask:
    """Puts the translation before readers. Raises Refused if that cannot be done, saying why."""
    _refuse_unfinished(translation)
    try:
        # Not in a transaction of ours: the library notes at the texts what was wrong with them.
        translation.save_target(user=user, publish=True)
    except ValidationError as error:
        raise Refused(
            _("The page does not accept some of the texts; they are marked below. %(reasons)s")
            % {"reasons": " ".join(error.messages)}
        ) from error
    task = tracking.task_of(translation)
    if user is None or user not in (task.assignee, task.submitted_by):
        notify.published(task)
    return task


def _refuse_unfinished(translation: Translation):
    if not progress.is_complete(translation):
        raise Refused(
            _("Some texts are not translated yet, or a machine’s and not confirmed. See “To do”.")
        )


@transaction.atomic
def ask(translation: Translation, segment: StringSegment | None, text: str, user: User):
    """A question to the authors of the source. Raises Refused if it is empty."""
    if not text.strip():
        raise Refused(_("Write your question."))
    question = TranslatorQuestion.objects.create(
        translation=translation,
        context=segment and segment.context,
        passage=segment.string.data if segment else "",
        text=text.strip(),
        asked_by=user,
    )
    notify.asked(question)
    return question


@transaction.atomic
def answer(question: TranslatorQuestion, text: str, user: User) -> TranslatorQuestion:
    if not text.strip():
        raise Refused(_("Write the answer."))
    question.answer, question.answered_by = text.strip(), user
    question.answered_at = timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    notify.answered(question)
    return question


def is_page(translation: Translation) -> bool:
    return issubclass(translation.source.specific_content_type.model_class(), Page)

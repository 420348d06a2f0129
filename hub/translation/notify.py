"""Mail about translations, to whom each thing concerns and as they have chosen.

What is read at once goes through the outbox, in the transaction of what calls for it. Work that
arrives or changes is held back for ten minutes: what else comes in that time goes into the same
mail, so that a source published three times is one mail, and a section of 200 pages too. Who has
chosen one mail a day gets everything from hub.translation.digest instead.
"""

import hashlib
from datetime import timedelta

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.translation import check_for_language, override
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from hub import languages
from hub.mail import outbox
from hub.mail.render import render
from hub.models import SourceChange, TranslationTask, TranslatorQuestion, User
from hub.translation import progress, teams

HOLD_BACK = timedelta(minutes=10)
# Titles that a mail lists before it says "and others".
LISTED = 10


# What has happened


def arrived(task: TranslationTask):
    """A page or term is to be translated; call it once that is committed."""
    locale = task.translation.target_locale
    for user in _at_once(_translators(task)):
        start = f"translation-arrived:{locale.pk}:{user.pk}:"
        held = outbox.waiting(start).first()
        since = held.next_attempt_at - HOLD_BACK if held else task.translation.created_at
        tasks = [
            other
            for other in TranslationTask.objects.filter(
                translation__target_locale=locale,
                translation__enabled=True,
                translation__created_at__gte=since,
            )
            .select_related("translation__source", "translation__target_locale")
            .order_by("pk")
            if other.assignee_id in (None, user.pk)
        ]
        tasks = tasks or [task]
        _hold_back(start, since, user, _about(tasks[0]) | _listed(tasks) | {"event": "arrived"})


def source_changed(change: SourceChange):
    """Tells the translators of every language; call it once the change is committed."""
    for task in TranslationTask.objects.filter(
        translation__source=change.source, translation__enabled=True
    ).select_related("translation__source", "translation__target_locale", "assignee"):
        changed(task, change)


def changed(task: TranslationTask, change: SourceChange):
    """The source of a translation has been published with other texts."""
    recipients = [user for user in _at_once(_translators(task)) if user.pk != change.user_id]
    if not recipients:
        return
    progress.bring_up_to_date(TranslationTask.objects.filter(pk=task.pk))
    task.refresh_from_db()
    context = _about(task) | {"event": "changed", "count": task.segments - task.segments_done}
    if not context["count"]:
        return
    for user in recipients:
        _hold_back(f"translation-changed:{task.pk}:{user.pk}:", change.at, user, context)


def withdraw(source: TranslationSource):
    """Takes back mails on changes of which the editor has said since that they are trivial."""
    for task in TranslationTask.objects.filter(translation__source=source):
        for held in outbox.waiting(f"translation-changed:{task.pk}:"):
            if not SourceChange.objects.filter(
                source=source,
                needs_no_translation=False,
                at__gte=held.next_attempt_at - HOLD_BACK,
            ).exists():
                held.delete()


def submitted(task: TranslationTask):
    """A translation waits for review: to the reviewers of the language, else to the editors."""
    reviewers = teams.members(task.translation.target_locale, "reviewers") or editors()
    context = _about(task) | {"event": "submitted", "who": _name(task.submitted_by)}
    _send(
        f"translation-submitted:{task.pk}:{_moment(task.submitted_at)}",
        [user for user in reviewers if user != task.submitted_by],
        context,
    )


def returned(task: TranslationTask):
    """A reviewer has sent a translation back, and why."""
    because = hashlib.sha256(task.returned_because.encode()).hexdigest()[:12]
    _send(
        f"translation-returned:{task.pk}:{_moment(task.submitted_at)}:{because}",
        [user for user in _translators(task) if user != task.returned_by],
        _about(task)
        | {
            "event": "returned",
            "who": _name(task.returned_by),
            "quotation": task.returned_because,
        },
    )


def published(task: TranslationTask):
    """Readers see the translation: to who made it."""
    translator = task.assignee or task.submitted_by
    if translator:
        _send(
            f"translation-published:{task.pk}:{_moment(task.published_at)}",
            [translator],
            _about(task) | {"event": "published"},
        )


def asked(question: TranslatorQuestion):
    """To who published the source last, if that is known, else to all editors."""
    _send(
        f"translation-asked:{question.pk}",
        [user for user in authors(question) if user.pk != question.asked_by_id],
        _about_question(question) | {"event": "asked", "who": _name(question.asked_by)},
    )


def answered(question: TranslatorQuestion):
    if question.asked_by and question.asked_by_id != question.answered_by_id:
        _send(
            f"translation-answered:{question.pk}:{_moment(question.answered_at)}",
            [question.asked_by],
            _about_question(question)
            | {"event": "answered", "who": _name(question.answered_by), "answer": question.answer},
        )


# Whom it concerns


def _translators(task: TranslationTask) -> list[User]:
    """Who was assigned the work, else the translators of the language."""
    if task.assignee and task.assignee.is_active:
        return [task.assignee]
    return teams.members(task.translation.target_locale, "translators")


def editors() -> list[User]:
    """Who looks after the source; the administrators where nobody else does."""
    people = User.objects.with_perm(
        teams.SUBMIT,
        include_superusers=False,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return list(people.order_by("pk")) or list(
        User.objects.filter(is_active=True, is_superuser=True).order_by("pk")
    )


def authors(question: TranslatorQuestion) -> list[User]:
    source = question.translation.source
    page = (
        Page.objects.filter(translation_key=source.object_id, locale=source.locale_id)
        .select_related("live_revision__user")
        .first()
    )
    author = page and page.live_revision and page.live_revision.user
    if author and author.is_active and teams.is_editor(author):
        return [author]
    return editors()


def _at_once(people: list[User]) -> list[User]:
    return [
        user
        for user in people
        if user.is_active and user.email and user.translation_mail == User.TranslationMail.AT_ONCE
    ]


# What the mails say


def language_of(user: User) -> str:
    """The language ``user`` has the admin in."""
    try:
        language = user.wagtail_userprofile.preferred_language
    except ObjectDoesNotExist:
        language = ""
    return language if language and check_for_language(language) else settings.LANGUAGE_CODE


def admin_url(name: str, *arguments) -> str:
    return f"{settings.HUB_BASE_URL}{reverse(name, args=arguments)}"


def edit_url(task: TranslationTask) -> str:
    return admin_url("hub_translation:edit", task.translation_id)


def _about(task: TranslationTask) -> dict:
    return {
        "title": task.translation.source.object_repr,
        "locale": task.translation.target_locale,
        "due_on": task.due_on,
        "link": edit_url(task),
    }


def _about_question(question: TranslatorQuestion) -> dict:
    return {
        "title": question.translation.source.object_repr,
        "locale": question.translation.target_locale,
        "passage": BeautifulSoup(question.passage, "html.parser").get_text(),
        "quotation": question.text,
        "link": admin_url("hub_translation:edit", question.translation_id),
    }


def _listed(tasks: list[TranslationTask]) -> dict:
    if len(tasks) == 1:
        return {}
    return {
        "count": len(tasks),
        "titles": [task.translation.source.object_repr for task in tasks[:LISTED]],
        "others": len(tasks[LISTED:]),
        "link": admin_url("hub_translation:desk"),
    }


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def _moment(at) -> str:
    return f"{at:%Y%m%d%H%M%S%f}" if at else ""


def _render(user: User, context: dict):
    language = language_of(user)
    with override(language):
        context = context | {
            "language_name": languages.name_here(context["locale"].language_code),
            "account_url": admin_url("wagtailadmin_account"),
        }
    return render("translation_news", context, language)


def _send(key: str, people: list[User], context: dict):
    for user in _at_once(people):
        outbox.enqueue(f"{key}:{user.pk}", to=user.email, mail=_render(user, context))


def _hold_back(start: str, since, user: User, context: dict):
    """Sends a mail ten minutes after ``since``, or gives the one that waits the newer words."""
    mail = _render(user, context)
    if not outbox.replace_waiting(start, mail):
        outbox.enqueue(
            f"{start}{_moment(since)}", to=user.email, mail=mail, not_before=since + HOLD_BACK
        )

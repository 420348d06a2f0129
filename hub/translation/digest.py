"""One mail a day on translations, for those who have chosen that: what waits, what came back, what is due.

It is made from the work as it stands, not from what happened: nothing has to be collected, and
whoever changes their mind about mail misses nothing. Nothing is sent where there is nothing, and not
the same again.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale

from hub import languages
from hub.mail import outbox
from hub.mail.render import render
from hub.models import LanguageTeam, OutgoingMail, TranslationTask, TranslatorQuestion, User
from hub.translation import notify, progress, teams

# In UTC: before work begins where most of the hub's people are.
HOUR = time(5)
DUE_WITHIN = timedelta(days=7)
# How far back answers and publications are told of to somebody who has had no digest yet.
AT_MOST = timedelta(days=7)

State = TranslationTask.State


@dataclass
class Language:
    """What one language has for one person; each list is of (title, link, remark)."""

    locale: Locale
    pages: int = 0
    words: int = 0
    waiting: list[tuple] = field(default_factory=list)
    others: int = 0
    review: list[tuple] = field(default_factory=list)
    name: str = ""


@dataclass
class Digest:
    languages: list[Language] = field(default_factory=list)
    returned: list[tuple] = field(default_factory=list)
    overdue: list[tuple] = field(default_factory=list)
    due: list[tuple] = field(default_factory=list)
    questions: list[tuple] = field(default_factory=list)
    answers: list[tuple] = field(default_factory=list)
    published: list[tuple] = field(default_factory=list)

    def __bool__(self):
        return any(vars(self).values())


def send_all() -> int:
    """Today's digests, one for each person who is to have one; how many were written."""
    progress.bring_up_to_date()
    today = timezone.localdate()
    readers = User.objects.filter(
        is_active=True, translation_mail=User.TranslationMail.DIGEST
    ).exclude(email="")
    sent = 0
    for user in readers.select_related("wagtail_userprofile"):
        key = f"translation-digest:{user.pk}:{today}"
        before = OutgoingMail.objects.filter(key__startswith=f"translation-digest:{user.pk}:")
        if before.filter(key=key).exists():
            continue
        last = before.order_by("-created_at").first()
        earliest = timezone.now() - AT_MOST
        since = max(last.created_at, earliest) if last else earliest
        digest = of(user, today, since)
        if not digest:
            continue
        mail = _render(user, digest)
        if last is None or last.text != mail.text:
            outbox.enqueue(key, to=user.email, mail=mail)
            sent += 1
    return sent


def of(user: User, today: date, since: datetime) -> Digest:
    """What there is for ``user``: the work as it stands, and answers and publications ``since``."""
    digest = Digest()
    groups = user.groups.all()
    team_of = {
        team.locale_id: team
        for team in LanguageTeam.objects.filter(Q(translators__in=groups) | Q(reviewers__in=groups))
        .select_related("locale")
        .order_by("pk")
    }
    mine = {group.pk for group in groups}
    translates = {pk for pk, team in team_of.items() if team.translators_id in mine}
    reviews = {pk for pk, team in team_of.items() if team.reviewers_id in mine}
    _add_work(digest, user, today, translates, reviews, team_of)
    link = notify.admin_url
    for question in (
        _questions().filter(asked_by=user, answered_at__gt=since).exclude(answered_by=user)
    ):
        digest.answers.append(
            (
                _title(question),
                link("hub_translation:edit", question.translation_id),
                question.answer,
            )
        )
    if teams.is_editor(user):
        for question in _questions().filter(answered_at=None).exclude(asked_by=user):
            if user in notify.authors(question):
                digest.questions.append(
                    (
                        _title(question),
                        link("hub_translation:edit", question.translation_id),
                        question.text,
                    )
                )
    for task in _tasks().filter(
        Q(assignee=user) | Q(assignee=None, submitted_by=user), published_at__gt=since
    ):
        digest.published.append(_line(task, ""))
    return digest


def _add_work(digest, user, today, translates, reviews, team_of):
    by_locale = {pk: Language(team.locale) for pk, team in team_of.items()}
    for task in _tasks().filter(
        Q(assignee=user)
        | Q(assignee=None, translation__target_locale__in=translates)
        | Q(state=State.IN_REVIEW, translation__target_locale__in=reviews)
    ):
        locale = task.translation.target_locale
        is_mine = task.assignee_id == user.pk or (
            task.assignee_id is None and locale.pk in translates
        )
        if task.state == State.IN_REVIEW:
            if locale.pk in reviews and task.submitted_by_id != user.pk:
                by_locale[locale.pk].review.append(_line(task, ""))
            continue
        if task.state == State.RETURNED:
            digest.returned.append(_line(task, task.returned_because))
        is_open = task.segments_done < task.segments
        if is_mine and is_open:
            entry = by_locale.setdefault(locale.pk, Language(locale))
            entry.pages += 1
            entry.words += task.words_to_do
            if len(entry.waiting) < notify.LISTED:
                entry.waiting.append(_line(task, task.segments_changed))
            else:
                entry.others += 1
        if is_mine and task.due_on and (is_open or task.state != State.PUBLISHED):
            if task.due_on < today:
                digest.overdue.append(_line(task, task.due_on))
            elif task.due_on <= today + DUE_WITHIN:
                digest.due.append(_line(task, task.due_on))
    digest.languages = [entry for entry in by_locale.values() if entry.pages or entry.review]


def _tasks():
    return (
        TranslationTask.objects.filter(translation__enabled=True)
        .select_related("translation__source", "translation__target_locale")
        .order_by(F("due_on").asc(nulls_last=True), "waiting_since", "pk")
    )


def _questions():
    return TranslatorQuestion.objects.select_related(
        "translation__source", "translation__target_locale"
    )


def _title(question: TranslatorQuestion) -> str:
    return question.translation.source.object_repr


def _line(task: TranslationTask, remark) -> tuple:
    return task.translation.source.object_repr, notify.edit_url(task), remark


def _render(user: User, digest: Digest):
    language = notify.language_of(user)
    with override(language):
        for entry in digest.languages:
            entry.name = languages.name_here(entry.locale.language_code)
    return render(
        "translation_digest",
        {
            "digest": digest,
            "desk_url": notify.admin_url("hub_translation:desk"),
            "account_url": notify.admin_url("wagtailadmin_account"),
        },
        language,
    )

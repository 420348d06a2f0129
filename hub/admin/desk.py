"""The translators' desk: what there is to do, what readers wait for, and how far each page is."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from hub import languages
from hub.models import TranslationTask, TranslatorQuestion, User
from hub.translation import demand, progress, submit, teams

State = TranslationTask.State
PER_PAGE = 100
# What a list does not show, and is long.
HEAVY = ("published_texts", "draft", "outdated", "translation__source__content_json")
ORDERS = {
    "demand": gettext_lazy("Readers’ demand"),
    "due": gettext_lazy("Due date"),
    "age": gettext_lazy("Waiting longest"),
    "words": gettext_lazy("Fewest words"),
}


@dataclass
class Job:
    """A line of the queue: something to do on one translation."""

    task: TranslationTask
    wanted: float

    @property
    def url(self) -> str:
        return reverse("hub_translation:edit", args=[self.task.translation_id])

    @property
    def title(self) -> str:
        return self.task.translation.source.object_repr

    @property
    def kind(self) -> str:
        source = self.task.translation.source
        model = ContentType.objects.get_for_id(source.specific_content_type_id).model_class()
        return model._meta.verbose_name

    @property
    def days(self) -> int | None:
        since = self.task.waiting_since
        return None if since is None else (timezone.now() - since).days

    @property
    def overdue(self) -> bool:
        return bool(self.task.due_on and self.task.due_on < timezone.localdate())


class DeskForm(forms.Form):
    """What of the desk is shown. Whatever it does not know, it leaves out."""

    language = forms.CharField(required=False)
    order = forms.ChoiceField(required=False, choices=[(name, name) for name in ORDERS])
    mine = forms.BooleanField(required=False)
    p = forms.IntegerField(required=False, min_value=1)


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    page_title = gettext_lazy("Translation")
    header_icon = "wagtail-localize-language"

    def dispatch(self, request, *args, **kwargs):
        self.locales = teams.locales_of(request.user)
        if not self.locales:
            return permission_denied(request)
        form = DeskForm(request.GET)
        form.is_valid()
        self.chosen = form.cleaned_data
        codes = {locale.language_code: locale for locale in self.locales}
        self.locale = codes.get(self.chosen.get("language"), self.locales[0])
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "languages": [
                {"locale": locale, "name": languages.own_name(locale.language_code)}
                for locale in self.locales
            ],
            "locale": self.locale,
            "language_name": languages.own_name(self.locale.language_code),
            "may_submit": teams.is_editor(self.request.user),
            "unfinished": submit.unfinished(self.request.user),
        }


class QueueView(DeskView):
    """One language's queue: by readers' demand, then age, then due date."""

    template_name = "hub/admin/translation/queue.html"

    def get_context_data(self, **kwargs):
        order = self.chosen.get("order") or "demand"
        open_ = self.open()
        jobs = [job for job in open_ if job.task.waiting_since or job.task.state == State.RETURNED]
        jobs.sort(key=_ORDER[order])
        if self.chosen.get("mine"):
            jobs = [job for job in jobs if job.task.assignee_id == self.request.user.pk]
        page = Paginator(jobs, PER_PAGE).get_page(self.chosen.get("p") or 1)
        return super().get_context_data(**kwargs) | {
            "jobs": page,
            "words": sum(job.task.words_to_do for job in jobs),
            "order": order,
            "orders": [{"name": name, "label": label} for name, label in ORDERS.items()],
            "mine": bool(self.chosen.get("mine")),
            "returned": [job for job in jobs if job.task.state == State.RETURNED],
            "in_review": [job for job in open_ if job not in jobs],
            "questions": TranslatorQuestion.objects.filter(translation__target_locale=self.locale)
            .filter(answered_at=None)
            .select_related("translation__source", "asked_by"),
        }

    def open(self) -> list[Job]:
        """What is to be translated, was sent back, or waits for a reviewer. Two queries."""
        tasks = up_to_date(
            TranslationTask.objects.filter(
                translation__target_locale=self.locale, translation__enabled=True
            )
            .filter(
                Q(waiting_since__isnull=False)
                | Q(recount=True)
                | Q(state__in=[State.RETURNED, State.IN_REVIEW])
            )
            .select_related("translation__source", "assignee", "submitted_by", "returned_by")
        )
        wanted = demand.per_day([self.locale.pk])
        return [
            Job(task, wanted.get((task.translation.source.object_id, self.locale.pk), 0.0))
            for task in tasks
            if task.waiting_since or task.state in {State.RETURNED, State.IN_REVIEW}
        ]


_LATE = timezone.datetime.max.date()
_NOW = timezone.datetime.max.replace(tzinfo=timezone.get_default_timezone())
_ORDER = {
    "demand": lambda job: (
        -job.wanted,
        job.task.waiting_since or _NOW,
        job.task.due_on or _LATE,
    ),
    "due": lambda job: (job.task.due_on or _LATE, -job.wanted),
    "age": lambda job: (job.task.waiting_since or _NOW, -job.wanted),
    "words": lambda job: (job.task.words_to_do, -job.wanted),
}


class MatrixView(DeskView):
    """Every page of the source in every language: what state, how far."""

    template_name = "hub/admin/translation/matrix.html"

    def get_context_data(self, **kwargs):
        pages = (
            Page.objects.filter(
                locale=languages.locale_id(settings.LANGUAGE_CODE), depth__gt=1, alias_of=None
            )
            .order_by("path")
            .only("title", "depth", "translation_key", "live")
        )
        page = Paginator(list(pages), PER_PAGE).get_page(self.chosen.get("p") or 1)
        keys = [row.translation_key for row in page]
        cells = {
            (task.translation.source.object_id, task.translation.target_locale_id): task
            for task in up_to_date(
                TranslationTask.objects.filter(
                    translation__source__object__in=keys, translation__enabled=True
                ).select_related("translation__source")
            )
        }
        wanted = demand.per_day([locale.pk for locale in self.locales])
        return super().get_context_data(**kwargs) | {
            "rows": [
                {
                    "page": row,
                    "indent": row.depth - 2,
                    "cells": [
                        {
                            "locale": locale,
                            "task": cells.get((row.translation_key, locale.pk)),
                            "wanted": wanted.get((row.translation_key, locale.pk), 0.0),
                        }
                        for locale in self.locales
                    ],
                }
                for row in page
            ],
            "pages": page,
        }


def up_to_date(tasks) -> list[TranslationTask]:
    """``tasks`` with their counts brought up to date, which most of them are: one query then."""
    tasks = tasks.defer(*HEAVY)
    found = list(tasks)
    if any(task.recount for task in found):
        progress.bring_up_to_date()
        found = list(tasks.all())
    return found


def summary(user: User) -> list[dict]:
    """For the admin's front page: per language, how much waits. Two queries, and recounting."""
    locales = {locale.pk: locale for locale in teams.locales_of(user)}
    if not locales:
        return []
    progress.bring_up_to_date()
    found = {pk: {"pages": 0, "words": 0, "review": 0, "returned": 0} for pk in locales}
    for locale, state, waiting, words in TranslationTask.objects.filter(
        translation__target_locale__in=locales, translation__enabled=True
    ).values_list("translation__target_locale_id", "state", "waiting_since", "words_to_do"):
        row = found[locale]
        row["pages"] += waiting is not None
        row["words"] += words
        row["review"] += state == State.IN_REVIEW and waiting is None
        row["returned"] += state == State.RETURNED
    return [
        {
            "language": languages.own_name(locales[pk].language_code),
            "url": reverse("hub_translation:desk") + f"?language={locales[pk].language_code}",
            **row,
        }
        for pk, row in found.items()
    ]


def todo_text(row: dict) -> str:
    parts = [
        _("%(pages)d pages or terms, %(words)d words") % row if row["pages"] else "",
        _("%(review)d to review") % row if row["review"] else "",
        _("%(returned)d sent back") % row if row["returned"] else "",
    ]
    return ", ".join(part for part in parts if part)

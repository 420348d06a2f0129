"""The translation editor: the texts of a page or term, one beside the other.

It takes the place of wagtail-localize's own, which cannot show what changed in the source, what was
written before, or that somebody else is writing too, and whose fields all run left to right. The
records are the library's. Its editor is still there (``?stock``) for what is not text: pictures,
files and addresses that differ in a language.
"""

from difflib import SequenceMatcher

from django import forms
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation

from hub import languages
from hub.models import TranslatorQuestion, User
from hub.translation import checks, glossary, guard, memory, progress, tasks, teams, tracking

SHOWN = {
    "all": gettext_lazy("All"),
    "todo": gettext_lazy("To do"),
    "changed": gettext_lazy("Changed in the source"),
    "warned": gettext_lazy("With warnings"),
}
# Enough for the longest paragraph several times over; more is a mistake or an attack.
LONGEST_TEXT = 20_000


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        User.objects.none(), required=False, label=gettext_lazy("Assigned to")
    )
    due_on = forms.DateField(
        required=False,
        label=gettext_lazy("Due on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, translation, **kwargs):
        super().__init__(*args, **kwargs)
        people = teams.members(translation.target_locale, "translators", "reviewers")
        self.fields["assignee"].queryset = User.objects.filter(pk__in=[user.pk for user in people])


class EditTranslationView(WagtailAdminTemplateMixin, TemplateView):
    """``POST`` does what its ``do`` names; without one, it keeps what was typed."""

    template_name = "hub/admin/translation/edit.html"
    header_icon = "wagtail-localize-language"

    def dispatch(self, request, translation_id, *args, **kwargs):
        self.translation = get_object_or_404(
            Translation.objects.select_related(
                "source__locale", "source__specific_content_type", "target_locale"
            ),
            pk=translation_id,
            enabled=True,
        )
        self.target = guard.target_of(self.translation)
        if self.target is None or not guard.may_see(request.user, self.translation):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    # What there is

    @cached_property
    def task(self):
        return tracking.task_of(self.translation)

    @cached_property
    def may_write(self) -> bool:
        return guard.may_translate(self.request.user, self.translation)

    @cached_property
    def may_publish(self) -> bool:
        return guard.may_publish(self.request.user, self.translation)

    @cached_property
    def rich(self) -> set[str]:
        return tasks.rich_paths(self.translation)

    @cached_property
    def rows(self) -> list[progress.Row]:
        rows = progress.rows(self.translation)
        locale = self.translation.target_locale
        offered = memory.suggestions(
            {row.segment.string_id for row in rows if not row.text}, locale
        )
        terms = glossary.of(locale)
        model = self.translation.source.specific_content_type.model_class()
        for row in rows:
            row.suggestions = offered.get(row.segment.string_id, [])
            row.warnings = checks.warnings(
                row.source,
                row.text,
                limit=checks.longest(model, row.segment.context.field_path),
                glossary=terms,
            )
        return rows

    def passages(self) -> list[dict]:
        """The rows as the template shows them, those that ``?show=`` asks for."""
        show = self.request.GET.get("show", "all")
        return [
            self.passage(row)
            for row in self.rows
            if show not in SHOWN
            or show == "all"
            or (show == "todo" and row.state != "done")
            or (show == "changed" and row.state == "changed")
            or (show == "warned" and row.warnings)
        ]

    def passage(self, row: progress.Row) -> dict:
        path = row.segment.context.path
        rich = path in self.rich
        former = tasks.as_typed(row.former.data, rich=rich) if row.former else ""
        typed = self.typed.get(row.segment.pk)
        return {
            "id": row.segment.pk,
            "field": self.field_label(row.segment.context.field_path),
            "rich": rich,
            "source": tasks.as_typed(row.source, rich=rich),
            "difference": difference(row.former_source, row.source) if row.former else "",
            "text": typed["text"] if typed else tasks.as_typed(row.text, rich=rich) or former,
            "seen": typed["seen"] if typed else tasks.version(row.translation),
            "error": (typed or {}).get("error", "")
            or (row.translation and row.translation.get_error() or ""),
            "state": row.state,
            "former": former,
            "suggestions": [tasks.as_typed(text, rich=rich) for text in row.suggestions],
            "warnings": row.warnings,
            "by": row.translation and row.translation.last_translated_by,
            "questions": self.questions.get(path, []),
        }

    @cached_property
    def typed(self) -> dict[int, dict]:
        """What was sent and could not be kept, by segment: shown again, with why."""
        return {}

    @cached_property
    def questions(self) -> dict[str, list[TranslatorQuestion]]:
        found: dict[str, list[TranslatorQuestion]] = {}
        for question in self.translation.questions.select_related(
            "context", "asked_by", "answered_by"
        ):
            found.setdefault(question.context.path if question.context else "", []).append(question)
        return found

    def field_label(self, field_path: str) -> str:
        """ "Guidance, Callout" for ``body.callout.title``: in the words of the source's editor."""
        model = self.translation.source.specific_content_type.model_class()
        names = field_path.split(".")
        field = model._meta.get_field(names[0])
        label = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
        block = getattr(field, "stream_block", None)
        child = block and block.child_blocks.get(names[1]) if len(names) > 1 else None
        words = f"{label}, {child.label}" if child and child.label else str(label)
        return words[:1].upper() + words[1:]

    # What can be done

    def post(self, request, *args, **kwargs):
        action = ACTIONS.get(request.POST.get("do", "save"), EditTranslationView.save)
        return action(self)

    def save(self):
        """Keeps every text that was sent and has changed; what cannot be kept is shown again."""
        if not self.may_write:
            return permission_denied(self.request)
        segments = {row.segment.pk: row for row in progress.rows(self.translation)}
        kept = 0
        for pk, row in segments.items():
            text = self.request.POST.get(f"text-{pk}")
            if text is None:
                continue
            kept += self.keep(row, text, self.request.POST.get(f"seen-{pk}", ""))
        vars(self).pop("rows", None)
        if self.request.headers.get("Accept") == "application/json":
            return self.answer_with_rows(
                [pk for pk in segments if f"text-{pk}" in self.request.POST]
            )
        if self.typed:
            messages.error(
                self.request,
                _("Some texts could not be kept. What you wrote is still there, with the reason."),
            )
            return self.render_to_response(self.get_context_data())
        messages.success(self.request, _("%(count)d texts kept.") % {"count": kept})
        return self.back()

    def keep(self, row: progress.Row, text: str, seen: str) -> bool:
        """Whether ``text`` was written; if it was to be and could not be, why goes into ``typed``."""
        pk, rich = row.segment.pk, row.segment.context.path in self.rich
        kept = tasks.as_kept(text, rich=rich)
        former = tasks.as_kept(row.former.data, rich=True) if row.former else ""
        # A changed text starts from its former translation, and a machine's is there already: as
        # long as nobody says that they hold, to send them back as they were is not to write them.
        if kept == (row.text or former) and f"confirm-{pk}" not in self.request.POST:
            return False
        if len(kept) > LONGEST_TEXT:
            self.typed[pk] = {"text": text, "seen": seen, "error": _("This text is too long.")}
            return False
        try:
            tasks.write(self.translation, row.segment, kept, self.request.user, seen)
        except tasks.Conflict as conflict:
            self.typed[pk] = {
                "text": text,
                # Sent once more, it replaces what the other wrote: now one has read it.
                "seen": tasks.version(self.current(row)),
                "error": _("%(who)s has meanwhile written: “%(theirs)s”. Yours is not kept yet.")
                % {
                    "who": conflict.who or _("Somebody"),
                    "theirs": tasks.as_typed(conflict.theirs, rich=rich),
                },
            }
            return False
        except tasks.Refused as refusal:
            self.typed[pk] = {"text": text, "seen": seen, "error": str(refusal)}
            return False
        return True

    def current(self, row: progress.Row):
        return row.segment.string.translations.filter(
            context=row.segment.context, locale=self.translation.target_locale
        ).first()

    def answer_with_rows(self, pks: list[int]) -> JsonResponse:
        shown = [self.passage(row) for row in self.rows if row.segment.pk in pks]
        progress.bring_up_to_date(type(self.task).objects.filter(pk=self.task.pk))
        self.task.refresh_from_db()
        return JsonResponse(
            {
                "rows": [
                    {name: row[name] for name in ("id", "state", "seen", "error", "warnings")}
                    for row in shown
                ],
                "percent": self.task.percent_done,
                "words": self.task.words_to_do,
            }
        )

    def use_memory(self):
        """Writes the one translation that memory has of each text that has none yet."""
        if not self.may_write:
            return permission_denied(self.request)
        used = 0
        for row in self.rows:
            if not row.text and not row.former and len(row.suggestions) == 1:
                tasks.write(
                    self.translation, row.segment, row.suggestions[0], self.request.user, ""
                )
                used += 1
        messages.success(self.request, _("%(count)d texts taken from memory.") % {"count": used})
        return self.back()

    def send_for_review(self):
        if not self.may_write:
            return permission_denied(self.request)
        return self.try_to(
            lambda: tasks.send_for_review(self.translation, self.request.user),
            _("Sent for review."),
        )

    def send_back(self):
        if not self.may_publish:
            return permission_denied(self.request)
        because = self.request.POST.get("because", "")
        return self.try_to(
            lambda: tasks.send_back(self.translation, self.request.user, because), _("Sent back.")
        )

    def publish(self):
        if not self.may_publish:
            return permission_denied(self.request)
        return self.try_to(
            lambda: tasks.publish(self.translation, self.request.user), _("Published.")
        )

    def assign(self):
        if not teams.reviews(self.request.user, self.translation.target_locale):
            return permission_denied(self.request)
        form = AssignForm(self.request.POST, translation=self.translation)
        if not form.is_valid():
            messages.error(self.request, _("This is not a date, or not one of the team."))
            return self.back()
        tasks.assign(self.translation, form.cleaned_data["assignee"], form.cleaned_data["due_on"])
        messages.success(self.request, _("Noted."))
        return self.back()

    def ask(self):
        if not self.may_write:
            return permission_denied(self.request)
        segment = self.translation.source.stringsegment_set.filter(
            pk=self.request.POST.get("segment") or 0
        ).first()
        text = self.request.POST.get("question", "")[:LONGEST_TEXT]
        return self.try_to(
            lambda: tasks.ask(self.translation, segment, text, self.request.user),
            _("Your question has gone to the editors."),
        )

    def answer(self):
        if not teams.is_editor(self.request.user):
            return permission_denied(self.request)
        question = get_object_or_404(
            self.translation.questions, pk=self.request.POST.get("question_id") or 0
        )
        text = self.request.POST.get("answer", "")[:LONGEST_TEXT]
        return self.try_to(lambda: tasks.answer(question, text, self.request.user), _("Answered."))

    def try_to(self, verb, done: str):
        try:
            verb()
        except tasks.Refused as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, done)
        return self.back()

    def back(self) -> HttpResponseRedirect:
        show = self.request.GET.get("show")
        return HttpResponseRedirect(self.request.path + (f"?show={show}" if show in SHOWN else ""))

    # How it is shown

    def get_page_title(self):
        return self.translation.source.object_repr

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("hub_translation:desk"), "label": _("Translation")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        progress.bring_up_to_date(type(self.task).objects.filter(pk=self.task.pk))
        self.task.refresh_from_db()
        source, target = self.translation.source.locale, self.translation.target_locale
        machine = get_machine_translator()
        return super().get_context_data(**kwargs) | {
            "translation": self.translation,
            "task": self.task,
            "passages": self.passages(),
            "shown": [
                {
                    "name": name,
                    "label": label,
                    "current": name == self.request.GET.get("show", "all"),
                }
                for name, label in SHOWN.items()
            ],
            "source_language": languages.Language(
                source.language_code, languages.own_name(source.language_code), ""
            ),
            "target_language": languages.Language(
                target.language_code, languages.own_name(target.language_code), ""
            ),
            "may_write": self.may_write,
            "may_publish": self.may_publish,
            "may_answer": teams.is_editor(self.request.user),
            "memory_count": sum(
                not row.text and not row.former and len(row.suggestions) == 1 for row in self.rows
            ),
            "assign_form": AssignForm(
                translation=self.translation,
                initial={"assignee": self.task.assignee_id, "due_on": self.task.due_on},
            )
            if teams.reviews(self.request.user, target)
            else None,
            "general_questions": self.questions.get("", []),
            "open_questions": [
                question
                for questions in self.questions.values()
                for question in questions
                if not question.answered_at
            ],
            "machine": machine
            if machine and machine.can_translate(source, target) and self.may_write
            else None,
            "target": self.target,
            "is_page": isinstance(self.target, Page),
            "stock_url": stock_edit_url(self.target),
        }


ACTIONS = {
    "save": EditTranslationView.save,
    "use_memory": EditTranslationView.use_memory,
    "send_for_review": EditTranslationView.send_for_review,
    "send_back": EditTranslationView.send_back,
    "publish": EditTranslationView.publish,
    "assign": EditTranslationView.assign,
    "ask": EditTranslationView.ask,
    "answer": EditTranslationView.answer,
}


def stock_edit_url(target) -> str:
    """Wagtail-localize's own editor, for pictures, files and addresses."""
    if isinstance(target, Page):
        return reverse("wagtailadmin_pages:edit", args=[target.pk]) + "?stock"
    meta = target._meta
    return reverse(f"wagtailsnippets_{meta.app_label}_{meta.model_name}:edit", args=[target.pk]) + (
        "?stock"
    )


def difference(old: str, new: str) -> str:
    """The new text with what was added and taken away marked, word by word; safe HTML."""
    old_words, new_words = (checks.plain_text(text).split() for text in (old, new))
    parts = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(
        None, old_words, new_words, autojunk=False
    ).get_opcodes():
        if tag != "equal" and i2 > i1:
            parts.append(("del", " ".join(old_words[i1:i2]), "del"))
        if j2 > j1:
            kind = "span" if tag == "equal" else "ins"
            parts.append((kind, " ".join(new_words[j1:j2]), kind))
    return format_html_join(" ", "<{}>{}</{}>", parts)

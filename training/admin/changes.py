"""Changing where people stand: one step for one or many, and moving them to another session."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.log_actions import log

from training import seats
from training.admin.desk import DeskView, pages_of
from training.admin.steps import STEPS, take
from training.models import Registration, Roster


class PeopleField(forms.ModelMultipleChoiceField):
    """Those who were ticked. Whoever is not on the roster any more is left out without a word."""

    def clean(self, value):
        numbers = [number for number in value or [] if str(number).isdecimal()]
        found = self.queryset.filter(pk__in=numbers)
        if not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found


class ChosenForm(forms.Form):
    chosen = PeopleField(
        queryset=Registration.objects.none(),
        error_messages={"required": gettext_lazy("Tick the people first.")},
    )

    def __init__(self, *args, roster: Roster, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = roster.registrations.order_by("search_text")


class StepForm(ChosenForm):
    step = forms.ChoiceField(
        choices=[(name, name) for name in STEPS],
        error_messages={
            "required": gettext_lazy("Choose what is to be done."),
            "invalid_choice": gettext_lazy("Choose what is to be done."),
        },
    )
    sure = forms.BooleanField(required=False)


class MoveForm(ChosenForm):
    target = forms.TypedChoiceField(
        label=gettext_lazy("To which session"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a session."),
            "invalid_choice": gettext_lazy("This session is not to come any more. Choose another."),
        },
    )

    def __init__(self, *args, roster: Roster, **kwargs):
        super().__init__(*args, roster=roster, **kwargs)
        self.targets = targets_from(roster)
        self.fields["target"].choices = [
            (other.pk, f"{page.title} ({page.starts_label}, {seats_left_in_words(other)})")
            for other, page in self.targets.values()
        ]


def targets_from(roster: Roster) -> dict[int, tuple[Roster, object]]:
    """The sessions to come that people of ``roster`` can be moved to, by the number of their roster."""
    others = Roster.objects.filter(starts_at__gt=timezone.now(), is_cancelled=False)
    others = list(others.exclude(pk=roster.pk).order_by("starts_at"))
    pages = pages_of(others)
    return {
        other.pk: (other, pages[other.session_key])
        for other in others
        if other.session_key in pages and pages[other.session_key].live
    }


def seats_left_in_words(roster: Roster) -> str:
    if roster.seats_left is None:
        return _("no limit of seats")
    if roster.is_full:
        return _("full: they would be on the waiting list")
    return ngettext("%(left)d seat left", "%(left)d seats left", roster.seats_left) % {
        "left": roster.seats_left
    }


class ChosenView(DeskView, TemplateView):
    """What is done with those who were ticked; opened with the browser's Back, it leads to the list."""

    form_class = ChosenForm

    def get(self, request, *args, **kwargs):
        return redirect(self.roster_url)

    def back(self) -> HttpResponseRedirect:
        return redirect(get_valid_next_url_from_request(self.request) or self.roster_url)

    def post(self, request, *args, **kwargs):
        data = request.POST.copy()
        if "one" in request.GET:  # the button in a row means that row, whatever is ticked
            data.setlist("chosen", [request.GET["one"]])
        form = self.form_class(data, roster=self.roster)
        if form.is_valid():
            return self.act(form)
        return self.refuse(form)

    def refuse(self, form):
        for sentences in form.errors.values():
            messages.warning(self.request, sentences[0])
        return self.back()

    def ask(self, form, **context):
        """Shows who is meant and what it would mean, with a button to go on."""
        context |= {"form": form, "people": form.cleaned_data["chosen"], "next": self.next_url}
        return self.render_to_response(self.get_context_data(**context))

    @property
    def next_url(self) -> str:
        return get_valid_next_url_from_request(self.request)

    def report(self, done: str, refused: dict[str, list[Registration]]):
        """Says what was done, and of whom it could not be done and why."""
        if done:
            messages.success(self.request, done)
        for reason, people in refused.items():
            names = ", ".join(person.name or person.reference for person in people)
            messages.warning(
                self.request, _("%(names)s: %(reason)s") % {"names": names, "reason": reason}
            )


class StepView(ChosenView):
    template_name = "training/admin/confirm_step.html"
    form_class = StepForm

    def get_page_title(self):
        return _("Change the status")

    def act(self, form):
        step, people = STEPS[form.cleaned_data["step"]], form.cleaned_data["chosen"]
        if refusal := step.refusal(self.roster):
            messages.warning(self.request, refusal)
            return self.back()
        if step.question and not form.cleaned_data["sure"]:
            return self.ask(form, step=step)
        done, refused = take(step, self.roster, people, self.request.user)
        self.report(step.done % {"count": done} if done else "", refused)
        return self.back()


class MoveView(ChosenView):
    template_name = "training/admin/move.html"
    form_class = MoveForm

    def get_page_title(self):
        return _("Move to another session")

    def refuse(self, form):
        if "chosen" in form.errors:
            return super().refuse(form)
        if "target" not in form.data:  # it has not been asked for yet
            del form.errors["target"]
        return self.ask(form)

    def act(self, form):
        target, page = form.targets[form.cleaned_data["target"]]
        done, refused = 0, {}
        for registration in form.cleaned_data["chosen"]:
            try:
                seats.move(registration, target, user=self.request.user)
            except seats.Refused as refusal:
                refused.setdefault(refusal.message, []).append(registration)
                continue
            log(
                registration,
                "training.moved",
                user=self.request.user,
                data={"to": page.title},
            )
            done += 1
        moved = ngettext(
            "%(count)d person is moved to “%(session)s”.",
            "%(count)d people are moved to “%(session)s”.",
            done,
        ) % {"count": done, "session": page.title}
        self.report(moved if done else "", refused)
        return self.back()

"""A roster as a spreadsheet: all answers, under the questions in the source language."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from hub import languages
from hub.admin.spreadsheets import LoggedExportMixin
from hub.countries import country_name
from hub.forms.answers import readable
from training import questions
from training.models import RegistrationQuestion, RegistrationStatus, Roster

# The fixed questions as staff speak of them, not as the person is asked.
FIXED_LABELS = {
    questions.NAME: gettext_lazy("Name"),
    questions.EMAIL: gettext_lazy("Email"),
    questions.ORGANISATION: gettext_lazy("Organisation"),
    questions.COUNTRY: gettext_lazy("Country"),
    questions.ACCESS: gettext_lazy("Access needs"),
}


def question_labels(roster: Roster) -> dict[str, str]:
    """Every question by the name of its answer: the fixed ones, then the session's own. One query."""
    with translation.override(settings.LANGUAGE_CODE):
        fixed = {name: str(label) for name, label in FIXED_LABELS.items()}
    own = RegistrationQuestion.objects.filter(page=roster.source_page).order_by("sort_order")
    return fixed | dict(own.values_list("clean_name", "label"))


def answer_in_words(name: str, value) -> str:
    """An answer as staff read it."""
    if name == questions.COUNTRY:
        return country_name(value) if value else ""
    return readable(value)


class RosterExportMixin(LoggedExportMixin):
    def log_export(self, count, file_format):
        log(
            self.roster,
            "training.exported",
            user=self.request.user,
            title=self.session.title,
            data={"count": count, "format": file_format},
        )

    def prepare_export(self):
        answers = question_labels(self.roster)
        self.answer_names = list(answers)
        self.statuses = {status.value: str(status.label) for status in RegistrationStatus}
        self.locale_codes = languages.locale_codes()
        return {
            "reference": _("Reference"),
            **answers,
            "language": _("Language"),
            "status": _("Status"),
            "status_since": _("Since (UTC)"),
            "submit_time": _("Registered (UTC)"),
            "added": _("Added by hand"),
            "consent_text": _("Agreed to"),
            "consented_at": _("Agreed at (UTC)"),
            "retained_until": _("Kept until"),
        }

    def get_filename(self):
        return f"{self.session.slug}-{timezone.now():%Y-%m-%d}"

    def row(self, item):
        answers = {
            name: answer_in_words(name, item.form_data.get(name)) for name in self.answer_names
        }
        return {
            "reference": item.reference,
            **answers,
            "language": languages.own_name(self.locale_codes[item.locale_id]),
            "status": self.statuses[item.status],
            "status_since": item.status_since,
            "submit_time": item.submit_time,
            "added": readable(item.added_by_id is not None),
            "consent_text": item.consent_text,
            "consented_at": item.consented_at or "",
            "retained_until": item.retained_until,
        }

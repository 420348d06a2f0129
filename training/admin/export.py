"""A roster as a spreadsheet: all answers, under the questions in the source language."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from hub import languages
from hub.admin.submissions import without_formula
from hub.countries import country_name
from hub.forms.answers import readable
from training import questions
from training.models import RegistrationQuestion, RegistrationStatus, Roster

# Rows read from the database at a time, so that a long roster is never held as a whole.
CHUNK = 500


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


class RosterExportMixin:
    """Adds ?export=csv and ?export=xlsx, with whatever the list is filtered by; each is logged."""

    def get(self, request, *args, **kwargs):
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        registrations = self.get_queryset()
        file_format = request.GET["export"]
        log(
            self.roster,
            "training.exported",
            user=request.user,
            title=self.session.title,
            data={"count": registrations.count(), "format": file_format.upper()},
        )
        self.prepare_export()
        return self.as_spreadsheet(registrations.iterator(chunk_size=CHUNK), file_format)

    def prepare_export(self):
        """Finds the words beforehand: a file is written when the request is over."""
        answers = question_labels(self.roster)
        with translation.override(settings.LANGUAGE_CODE):
            headings = {
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
            self.statuses = {status.value: str(status.label) for status in RegistrationStatus}
        self.export_headings = {
            name: without_formula(heading) for name, heading in headings.items()
        }
        self.answer_names = list(answers)
        self.list_export = list(headings)
        self.locale_codes = languages.locale_codes()

    def get_filename(self):
        return f"{self.session.slug}-{timezone.now():%Y-%m-%d}"

    def to_row_dict(self, item):
        with translation.override(settings.LANGUAGE_CODE):
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

    def preprocess_field_value(self, field, value, export_format):
        return without_formula(super().preprocess_field_value(field, value, export_format))

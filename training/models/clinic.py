"""The page for who is stuck: a short form that goes to a person."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from hub import languages
from hub.forms import builder
from hub.forms.simple import MessagePage
from hub.models import HubFormField
from training import questions, stuck
from training.models.stuck import SPEAKS, STUCK_ON, TIMES, TRIED, StuckRequest


class ClinicPage(MessagePage):
    """Asks what somebody is stuck on, and brings the answers to a person who answers by mail."""

    parent_page_types = ["training.TrainingIndexPage"]
    subpage_types = []
    max_count_per_parent = 1
    kind = "training"
    kind_name = _("I am stuck")
    page_description = _("A short form for who is stuck; a person of the team answers by mail.")

    class Meta:
        verbose_name = _("“I am stuck” page")

    def own_form_fields(self):
        asked = questions.fixed_fields()
        email = asked[questions.EMAIL]
        email.help_text = _("The answer goes there.")
        name = asked[questions.NAME]
        name.required, name.help_text = False, _("Any name will do. We use it to address you.")
        return {
            STUCK_ON: _text(
                _("What are you stuck on?"),
                _("What do you want to change, who can decide it, and what happened last?"),
            ),
            TRIED: _text(
                _("What have you tried?"),
                _("Leave out names and details that could put somebody in danger."),
                required=False,
            ),
            questions.NAME: name,
            questions.EMAIL: email,
            questions.ORGANISATION: asked[questions.ORGANISATION],
            questions.COUNTRY: asked[questions.COUNTRY],
            SPEAKS: forms.ChoiceField(
                label=_("Which language do you want to speak?"),
                required=False,
                choices=_languages,
                error_messages={"invalid_choice": builder.NOT_A_CHOICE},
            ),
            TIMES: builder.line_field(
                label=_("When can you talk?"),
                help_text=_(
                    "Days and times, and your city. Example: weekdays after 17:00, Nairobi"
                ),
                required=False,
            ),
        }

    def get_submission_class(self):
        return StuckRequest

    def complete(self, submission, form):
        stuck.announce(submission, self)


def _text(label, help_text, *, required: bool = True):
    return builder.TextField(
        label=label,
        help_text=help_text,
        required=required,
        error_messages={"required": builder.FILL_IN},
        validators=[builder.refuse_controls, builder.LengthValidator(builder.TEXT_LENGTH)],
    )


def _languages():
    offered = [(language.code, language.name) for language in languages.offered_languages()]
    return [("", _("Choose…")), *offered]


class ClinicQuestion(HubFormField):
    """A question of an “I am stuck” page's own."""

    page = ParentalKey(ClinicPage, on_delete=models.CASCADE, related_name="form_fields")

    class Meta(HubFormField.Meta):
        abstract = False

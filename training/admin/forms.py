"""The forms in which staff write down what a person would have written on the session's page."""

import hashlib
import json
import uuid

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.forms import BaseForm

from hub import languages
from hub.forms import answers, builder
from training import questions
from training.admin.export import FIXED_LABELS
from training.models import Registration, RegistrationStatus, SessionPage

CHANGED_MEANWHILE = _(
    "Somebody has changed this registration since you opened it. Their version is shown on the "
    "person's page; look there, then make your change again."
)


class PersonForm(BaseForm):
    """A session's questions as staff answer them: beside name and email, nothing must be known."""

    answer_names: tuple[str, ...] = ()

    def answers(self) -> dict:
        stored = answers.stored(self)
        return {name: stored[name] for name in self.answer_names}


class AddForm(PersonForm):
    # The key of the form as it was shown: sent twice, it adds one person.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class EditForm(PersonForm):
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, registration: Registration, **kwargs):
        self.registration = registration
        initial = registration.form_data | {
            questions.EMAIL: registration.address,
            "language": registration.locale_id,
            "seen": digest(registration),
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != digest(self.registration):
            self.add_error(None, CHANGED_MEANWHILE)
        return cleaned

    def answers(self) -> dict:
        # Answers to questions that were taken out since stay as they are.
        return self.registration.form_data | super().answers()


def digest(registration: Registration) -> str:
    """What a registration says, in few characters, to notice that somebody else has changed it."""
    said = [registration.form_data, registration.address, registration.locale_id]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def language_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Language"),
        help_text=_("Their mails are written in it."),
        coerce=int,
        choices=languages.locale_choices,
        initial=languages.locale_id(settings.LANGUAGE_CODE),
    )


def consent_fields() -> dict[str, forms.Field]:
    return {
        "agreed": forms.BooleanField(
            label=_("The person agreed to be registered"),
            error_messages={"required": _("Ask them first, and tick this when they agree.")},
        ),
        "agreed_how": builder.line_field(
            label=_("How they agreed"),
            help_text=_("Kept with the registration. Example: By telephone, on 3 May."),
        ),
    }


def form_class(base: type[PersonForm], page: SessionPage) -> type[PersonForm]:
    """``base`` with the questions of a session, the fixed ones and its own."""
    own = builder.FormBuilder(page.get_form_fields(), page.own_form_fields())
    fields = {**own.own_fields, **own.formfields}
    for name, field in fields.items():
        field.required = name in {questions.NAME, questions.EMAIL}
        if name in questions.FIXED:
            field.label, field.help_text = FIXED_LABELS[name], ""
    extra = {"language": language_field()}
    if base is AddForm:
        extra |= consent_fields()
    return type(base.__name__, (base,), {**fields, **extra, "answer_names": tuple(fields)})


class MessageForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    statuses = forms.MultipleChoiceField(
        label=_("To whom"),
        choices=RegistrationStatus.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[RegistrationStatus.CONFIRMED],
        error_messages={"required": _("Choose at least one group.")},
    )
    language = forms.TypedChoiceField(
        label=_("In which language"),
        help_text=_("Only those who registered in this language get it."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [("", _("All languages")), *languages.locale_choices()],
    )
    subject = builder.line_field(
        label=_("Subject"), help_text=_("Example: What to bring on Tuesday")
    )
    body = builder.TextField(
        label=_("Message"),
        help_text=_("Plain text. Leave an empty line between paragraphs."),
        error_messages={"required": builder.FILL_IN},
        validators=[builder.refuse_controls, builder.LengthValidator(builder.TEXT_LENGTH)],
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

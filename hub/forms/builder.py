"""Turns the questions of a form page into a Django form, with limits that hold everywhere."""

import re
from datetime import date

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.renderers import DjangoTemplates
from django.template import loader
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.contrib.forms.forms import BaseForm
from wagtail.contrib.forms.forms import FormBuilder as WagtailFormBuilder

from hub.forms import guard, tokens
from hub.forms.words import WordLimit
from hub.mail.addresses import validate_address

# The names of the hub's own inputs: no question has a hyphen in its clean_name.
TOKEN = "hub-token"  # noqa: S105 - the name of an input
CONSENT = "hub-consent"

LINE_LENGTH = 255
TEXT_LENGTH = 5000
ADDRESS_LENGTH = 254
NUMBER_DIGITS = 15
YEARS_AHEAD = 10

FILL_IN = _("Fill this in.")
CHOOSE_ONE = _("Choose one.")
NOT_A_CHOICE = _("This answer is no longer on offer. Choose one of those shown.")

# Databases refuse NUL and spreadsheets the rest; tab, line feed and carriage return are text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def refuse_controls(value: str):
    if _CONTROLS.search(value):
        raise ValidationError(
            _(
                "This holds an invisible character that cannot be kept. Type it instead of pasting it."
            ),
            code="control_character",
        )


def refuse_line_breaks(value: str):
    if _LINE_BREAKS.search(value):
        raise ValidationError(_("Write this on one line."), code="line_break")


class LengthValidator:
    """Says how many characters to take out, rather than that there are too many."""

    def __init__(self, limit: int):
        self.limit = limit

    def __call__(self, value: str):
        excess = len(value) - self.limit
        if excess > 0:
            raise ValidationError(
                ngettext(
                    "Take out %(excess)d character: there is room for %(limit)d.",
                    "Take out %(excess)d characters: there is room for %(limit)d.",
                    excess,
                )
                % {"excess": excess, "limit": self.limit},
                code="max_length",
            )


class FormRenderer(DjangoTemplates):
    """Renders fields with templates/forms/, and widgets with Django's own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def get_template(self, template_name):
        if template_name.startswith("forms/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


class HubForm(BaseForm):
    """A form of a form page: the answers as fields, and around them the token and the honeypot.

    Takes ``page``, as Wagtail's does. ``token_key`` is the idempotency key once the form is valid.
    """

    default_renderer = FormRenderer()

    def clean(self):
        cleaned_data = super().clean()
        try:
            self.token = tokens.read(self.data.get(TOKEN, ""), self.page)
        except tokens.TokenRefused as refusal:
            self.renewed_token = refusal.token
            self.add_error(None, refusal.args[0])
        if self.data.get(guard.HONEYPOT):
            self.add_error(None, guard.HONEYPOT_FILLED)
        return cleaned_data

    @property
    def token_key(self) -> str:
        return self.token.key

    @cached_property
    def token_to_send(self) -> str:
        """The token the form is shown with: the one it came with as long as that is good."""
        if renewed := getattr(self, "renewed_token", ""):
            return renewed
        if token := getattr(self, "token", None):
            return token.text
        return tokens.issue(self.page)

    def renew_token(self):
        """Gives the form a new key, so that sending it again counts as another submission."""
        self.renewed_token = tokens.issue(self.page)

    @property
    def groups(self) -> list[tuple[str, list]]:
        """What is shown under one heading: pairs of it and the fields, in order; "" for no heading."""
        return [("", self.visible_fields())]

    def forgive_answers(self):
        """Leaves, of what is wrong, what concerns the form as a whole: a draft may be unfinished."""
        general = self.non_field_errors()
        self.errors.clear()
        if general:
            self.errors[NON_FIELD_ERRORS] = general

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """What keeps the form from being sent: (id of the input, label, sentence), in order.

        The first two are "" for what concerns the form as a whole, the label where the sentence says
        enough.
        """
        found = [("", "", error) for error in self.non_field_errors()]
        for bound_field in self:
            if bound_field.errors and not bound_field.is_hidden:
                first_input = (
                    bound_field.subwidgets[0].id_for_label if bound_field.use_fieldset else None
                )
                target = first_input or bound_field.auto_id
                label = "" if bound_field.name == CONSENT else bound_field.label
                found.append((target, label, bound_field.errors[0]))
        return found


class TextField(forms.CharField):
    """Several lines, which browsers send with CR LF and count as one character each."""

    widget = forms.Textarea({"rows": 6})

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


def line_field(*, autocomplete: str = "", longest: int = LINE_LENGTH, **options) -> forms.CharField:
    """A question answered on one line, of ``longest`` characters: what its column holds."""
    attrs = {"maxlength": longest} | ({"autocomplete": autocomplete} if autocomplete else {})
    return forms.CharField(
        **{"error_messages": {"required": FILL_IN}, **options},
        widget=forms.TextInput(attrs),
        validators=[refuse_controls, refuse_line_breaks, LengthValidator(longest)],
    )


def email_field(**options) -> forms.CharField:
    """A question answered with an email address."""
    # Not Django's EmailField: its validator runs first and gives the reason in its own words.
    return forms.CharField(
        **{"error_messages": {"required": FILL_IN}, **options},
        widget=forms.EmailInput({"autocomplete": "email", "maxlength": ADDRESS_LENGTH}),
        validators=[refuse_controls, LengthValidator(ADDRESS_LENGTH), validate_address],
    )


def words_field(limit: int, *, rows: int, **options) -> TextField:
    """A question answered in a few sentences; ``word_limit`` is what the page counts down from."""
    created = TextField(
        **{"error_messages": {"required": FILL_IN}, **options},
        widget=forms.Textarea({"rows": rows}),
        validators=[refuse_controls, LengthValidator(TEXT_LENGTH), WordLimit(limit)],
    )
    created.word_limit = limit
    return created


def one_of(choices, label) -> forms.ChoiceField:
    """A question answered with one of a few choices, all shown."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_ONE, "invalid_choice": NOT_A_CHOICE},
    )


def date_field(**options) -> forms.DateField:
    """A question answered with a day."""
    messages = {"required": FILL_IN, **options.pop("error_messages", {})}
    messages["invalid"] = _("Write the date as year, month, day: 2022-06-30")
    return forms.DateField(
        **options,
        error_messages=messages,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


def refuse_past(value: date):
    if value < timezone.localdate():
        raise ValidationError(
            _("This day is over. Give a day that is still to come."), code="past_date"
        )


def refuse_far_off(value: date):
    if value.year > timezone.localdate().year + YEARS_AHEAD:
        raise ValidationError(
            _("This day is more than %(years)d years away. Check the year.")
            % {"years": YEARS_AHEAD},
            code="far_off_date",
        )


def date_to_come_field(**options) -> forms.DateField:
    """A question answered with a day that is not over, and no slip of the keyboard."""
    return date_field(**options, validators=[refuse_past, refuse_far_off])


class ConsentField(forms.BooleanField):
    """A box to tick beside the words the visitor agrees to."""

    def __init__(self, text: str):
        super().__init__(
            label=text,
            error_messages={"required": _("Tick this box so that we may keep what you send.")},
        )


class FormBuilder(WagtailFormBuilder):
    """Wagtail's form builder with the hub's kinds of answer, limits and sentences.

    ``own_fields`` and ``last`` are what the type of page asks for before and after its editor's
    questions, ``base`` what checks the answers together.
    """

    def __init__(self, fields, own_fields=None, last=None, base: type[HubForm] = HubForm):
        super().__init__(fields)
        self.own_fields = own_fields or {}
        self.last = last or {}
        self.base = base

    def get_form_class(self):
        fields = {**self.own_fields, **self.formfields, **self.last}
        return type("HubForm", (self.base,), fields)

    def get_field_options(self, field):
        return super().get_field_options(field) | {"error_messages": {"required": FILL_IN}}

    def create_singleline_field(self, field, options):
        return line_field(**options)

    def create_name_field(self, field, options):
        return line_field(**options, autocomplete="name")

    def create_multiline_field(self, field, options):
        return TextField(**options, validators=[refuse_controls, LengthValidator(TEXT_LENGTH)])

    def create_email_field(self, field, options):
        return email_field(**options)

    def create_url_field(self, field, options):
        options["error_messages"]["invalid"] = _(
            "This does not look like a web address. Example: https://example.org"
        )
        created = forms.URLField(
            **options, assume_scheme="https", widget=forms.URLInput({"autocomplete": "url"})
        )
        created.validators += [refuse_controls, LengthValidator(LINE_LENGTH)]
        return created

    def create_number_field(self, field, options):
        options["error_messages"]["invalid"] = _("Write this as a number. Example: 3800")
        return forms.DecimalField(
            **options,
            max_digits=NUMBER_DIGITS,
            localize=True,
            widget=forms.TextInput({"inputmode": "decimal"}),
        )

    def create_date_field(self, field, options):
        return date_field(**options)

    def create_checkbox_field(self, field, options):
        options["error_messages"]["required"] = _("Tick this box to go on.")
        options["initial"] = bool(field.default_value)
        return forms.BooleanField(**options)

    def create_checkboxes_field(self, field, options):
        options["error_messages"] = {
            "required": _("Choose at least one."),
            "invalid_choice": NOT_A_CHOICE,
        }
        options["initial"] = self.get_formatted_field_initial(field)
        return forms.MultipleChoiceField(
            **options, choices=field.stored_choices(), widget=forms.CheckboxSelectMultiple
        )

    def create_radio_field(self, field, options):
        return self._one_of(field, options, forms.RadioSelect, field.stored_choices())

    def create_dropdown_field(self, field, options):
        # Without an empty first line, browsers answer for those who skip the question.
        choices = [("", _("Choose…")), *field.stored_choices()]
        return self._one_of(field, options, forms.Select, choices)

    def _one_of(self, field, options, widget, choices):
        options["error_messages"] = {"required": CHOOSE_ONE, "invalid_choice": NOT_A_CHOICE}
        options["initial"] = next(iter(self.get_formatted_field_initial(field)), "")
        return forms.ChoiceField(**options, choices=choices, widget=widget)

    def get_formatted_field_choices(self, field):
        return field.stored_choices()

    def get_formatted_field_initial(self, field):
        """The stored values of the choices that are chosen already, by either language's words."""
        wanted = {line.strip() for line in field.default_value.splitlines()}
        return [value for value, shown in field.stored_choices() if {value, shown} & wanted]

"""The answers in a valid form: as they are stored, and as staff read them."""

import json
from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import DateField, EmailInput
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from hub.forms.amounts import AmountField, amount_in_words, parse_amount
from hub.forms.builder import CONSENT, HubForm
from hub.forms.fields import FILES

# What is kept elsewhere than among the answers: consent in columns, files in rows of their own.
_NO_ANSWERS = {CONSENT, FILES}


def stored(form: HubForm) -> dict:
    """By name, in JSON types only."""
    given = {name: value for name, value in form.cleaned_data.items() if name not in _NO_ANSWERS}
    return json.loads(json.dumps(given, cls=DjangoJSONEncoder))


def reply_address(form: HubForm) -> str:
    """The first email address among the answers, or ""."""
    for name, field in form.fields.items():
        if isinstance(field.widget, EmailInput) and form.cleaned_data.get(name):
            return form.cleaned_data[name]
    return ""


def for_staff(page, form: HubForm) -> list[tuple[str, str]]:
    """Questions and answers in the source language, as far as they are not the visitor's words.

    At most one query. A question that only the translation has keeps its own words.
    """
    with translation.override(settings.LANGUAGE_CODE):
        labels = _source_labels(page)
        return [
            (
                labels.get(bound_field.name, bound_field.label),
                readable(form.cleaned_data[bound_field.name]),
            )
            for bound_field in form.visible_fields()
            if bound_field.name not in _NO_ANSWERS
        ]


def of_submission(submission) -> list[tuple[str, str]]:
    """Questions and answers of what was stored, as for_staff() gives them. A few queries.

    An answer whose question is gone since stands under the question's key.
    """
    with translation.override(settings.LANGUAGE_CODE):
        page = _source_page(submission.page)
        left, pairs = dict(submission.form_data), []
        for bound_field in page.get_form(page=page):
            if bound_field.name in left:
                value = left.pop(bound_field.name)
                pairs.append((str(bound_field.label), in_words(bound_field.field, value)))
        return pairs + [(name, readable(value)) for name, value in left.items()]


def _source_page(page):
    source = Page.objects.filter(
        translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
    ).first()
    return (source or page).specific


def as_written(form_class: type[HubForm], form_data: dict) -> list[tuple[str, str]]:
    """The questions that were answered and what was, in the words of the active language.

    ``form_data`` is what was stored, whatever language it was written in.
    """
    return [
        (str(field.label), in_words(field, form_data[name]))
        for name, field in form_class.base_fields.items()
        if form_data.get(name) not in (None, "", [])
    ]


def in_words(field, value) -> str:
    """An answer as text, right or wrong, whether it was stored or only typed.

    Of choices their words, where something else is stored: a code. Days and amounts as the active
    language writes them.
    """
    words = dict(getattr(field, "choices", []))
    if isinstance(value, list):
        return readable([str(words.get(choice, choice)) for choice in value])
    if value and isinstance(value, str):
        value = words.get(value) or _as_the_language_writes(field, value)
    return readable(value)


def _as_the_language_writes(field, value: str) -> str:
    try:
        if isinstance(field, DateField):
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        if isinstance(field, AmountField):
            return amount_in_words(parse_amount(value), "").strip()
    except ValueError:
        pass
    return value


def readable(value) -> str:
    """An answer as text: lists joined, ticks as words, nothing as nothing."""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def _source_labels(page) -> dict[str, str]:
    if page.locale.language_code == settings.LANGUAGE_CODE:
        return {}
    questions = page._meta.get_field("form_fields").related_model.objects
    return dict(
        questions.filter(
            page__translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
        ).values_list("clean_name", "label")
    )

"""Answers that were stored, as their writer reads them."""

import pytest
from django import forms
from django.utils import translation

from hub.countries import CountryField
from hub.forms.answers import as_written
from hub.forms.builder import HubForm, line_field


class Asked(HubForm):
    name = line_field(label="Your name")
    country = CountryField(label="Country")
    tools = forms.MultipleChoiceField(label="Tools", choices=[("p", "Petition"), ("h", "Hearing")])
    copy = forms.BooleanField(label="Copy")


@pytest.mark.parametrize(("language", "country"), [("en", "Kenya"), ("ar", "كينيا")])
def test_codes_are_shown_in_the_words_of_the_language(language, country):
    stored = {"country": "KE", "tools": ["h", "p"], "name": "Amina"}
    with translation.override(language):
        assert as_written(Asked, stored) == [
            ("Your name", "Amina"),
            ("Country", country),
            ("Tools", "Hearing, Petition"),
        ]


def test_what_was_not_answered_is_left_out():
    assert as_written(Asked, {"name": "", "tools": [], "country": None, "gone": "x"}) == []


def test_answer_that_is_not_on_offer_any_more_is_shown_as_it_was_stored():
    stored = {"country": "XX", "tools": ["p", "sit-in"], "copy": False}
    assert as_written(Asked, stored) == [
        ("Country", "XX"),
        ("Tools", "Petition, sit-in"),
        ("Copy", "No"),
    ]

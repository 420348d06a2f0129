"""Amounts of money and limits in words, as people write them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from hub.forms.amounts import AmountField, amount_in_words, parse_amount
from hub.forms.words import WordLimit, count


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5000", "5000"),
        ("5.000,00", "5000.00"),
        ("5,000.00", "5000.00"),
        ("5.000", "5000"),
        ("5,000", "5000"),
        ("5 000", "5000"),
        ("5\u202f000,50", "5000.50"),
        ("5'000", "5000"),
        ("1.234.567", "1234567"),
        ("12,345,678.9", "12345678.9"),
        ("5,5", "5.5"),
        ("5.50", "5.50"),
        ("USD 5000", "5000"),
        ("3800 EUR", "3800"),
        ("$3,800", "3800"),
        ("R$ 500", "500"),
        ("٥٬٠٠٠", "5000"),
        ("٥٠٠٠٫٥٠", "5000.50"),
        ("５０００", "5000"),
    ],
)
def test_amount_is_read_however_it_is_written(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "abc", "-5", "1e9", "1.2.3", "1,23,456", "5.000.00", "5000,000.00", "5/6", "NaN"]
)
def test_what_is_no_amount_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - it says no more
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("about five thousand", "Write the amount in digits. Example: 3800"),
        ("0", "Write an amount above zero."),
        ("1000000000", "This amount is too large."),
        ("9" * 500, "This amount is too large."),
    ],
)
def test_amount_field_says_what_is_wrong(text, sentence):
    with pytest.raises(ValidationError) as refusal:
        AmountField().clean(text)
    assert refusal.value.messages[0].startswith(sentence)


def test_amount_field_keeps_two_places():
    assert str(AmountField().clean("5.000,5")) == "5000.50"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "USD 5,000.50"),
        ("es", "USD 5 000,50"),
        ("fr", "USD 5 000,50"),
        ("ar", "USD 5.000,50"),
    ],
)
def test_amount_is_written_as_the_reader_does(language, words):
    with translation.override(language):
        written = amount_in_words(Decimal("5000.50"), "USD")
    assert written.replace("\u202f", " ").replace("\xa0", " ") == words


def test_whole_amount_has_no_places():
    assert amount_in_words(Decimal("5000.00"), "USD") == "USD 5,000"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one", 1),
        ("one – two", 2),
        ("it's ten-day work", 3),
        ("نشر العقود", 2),
        (" a \n b ", 2),
    ],
)
def test_words_are_what_has_a_letter_or_digit(text, words):
    assert count(text) == words


def test_word_limit_takes_a_tenth_more_than_it_says():
    limit = WordLimit(60)
    limit("word " * 66)
    with pytest.raises(ValidationError, match="Take out 7 words: there is room for 60."):
        limit("word " * 67)


def test_amount_is_never_the_beginning_of_what_was_written():
    assert AmountField().clean(f"5{' ' * 40}000") == Decimal("5000.00")

"""What the forms have in common in which staff write to somebody."""

import secrets

from django import forms

from hub.forms import builder

LONGEST = 10_000


def new_key() -> str:
    """What makes sending a form twice one message."""
    return secrets.token_hex(16)


def key_field() -> forms.RegexField:
    return forms.RegexField("^[0-9a-f]{32}$", widget=forms.HiddenInput)


def text_field(*, rows: int = 10, **options) -> builder.TextField:
    """A text in whatever language its reader has."""
    return builder.TextField(
        **options,
        widget=forms.Textarea({"rows": rows, "dir": "auto"}),
        error_messages={"required": builder.FILL_IN},
        validators=[builder.refuse_controls, builder.LengthValidator(LONGEST)],
    )

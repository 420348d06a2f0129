"""Kinds of answer that pages ask for by themselves and editors do not."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hub import files, private_files

# The name of the input for files, as those in hub.forms.builder.
FILES = "hub-files"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Several files, none of them required.

    Whatever is wrong with one keeps neither the others nor the answers from being taken: give the
    list in ``cleaned_data`` to private_files.keep_all().
    """

    def __init__(self, **options):
        super().__init__(
            **{
                "label": _("Files"),
                "help_text": format_lazy(
                    _("Up to {count}, each up to {limit} MB: {accepted}."),
                    count=private_files.MAX_FILES,
                    limit=private_files.MAX_BYTES // (1024 * 1024),
                    accepted=files.listed(private_files.EXTENSIONS),
                ),
                "required": False,
                **options,
            },
            widget=FilesInput(
                {"accept": ",".join(f".{ending}" for ending in private_files.EXTENSIONS)}
            ),
        )

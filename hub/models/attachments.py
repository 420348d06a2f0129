"""Files that visitors send with a form: never public, and gone with what they were sent with."""

import re
import unicodedata
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.models.forms import Submission

FOLDER = "attachments"
NAME_LENGTH = 150
# Controls, marks of formatting, halves of surrogate pairs, and breaks of lines and paragraphs.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Letters of several scripts are joined, or kept apart, by these two.
_JOINERS = {"\u200c", "\u200d"}


def clean_file_name(name: str) -> str:
    """The name of a file, in any script, without what could deceive whoever reads it.

    That is: folders, control characters and marks that turn the direction of writing. A name that
    is too long keeps its ending.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(
        letter
        for letter in name
        if letter in _JOINERS or unicodedata.category(letter) not in _UNSEEN
    )
    stem, dot, ending = name.strip(" .").rpartition(".")
    if not dot:
        return ending[:NAME_LENGTH]
    return stem[: max(NAME_LENGTH - len(ending) - 1, 0)] + dot + ending[: NAME_LENGTH - 1]


class Attachment(models.Model):
    """A file that a visitor sent. It is kept under its ``key``; its name is only here.

    Rows are made, handed out and removed by hub.private_files.
    """

    class Scan(models.TextChoices):
        """What the scanner for harmful files said of it, if there is one."""

        UNSCANNED = "unscanned", _("Not checked yet")
        CLEAN = "clean", _("Clean")
        REFUSED = "refused", _("Harmful")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    extension = models.CharField(_("type"), max_length=8)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    scan = models.CharField(
        _("check"), max_length=10, choices=Scan.choices, default=Scan.UNSCANNED, editable=False
    )

    # See Submission.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")

    def __str__(self):
        return self.name

    @property
    def path(self) -> str:
        """Where the private storage keeps it."""
        return f"{FOLDER}/{self.key.hex[:2]}/{self.key}"

    def held(self) -> dict:
        """What is kept of it, for the person who sent it."""
        return {"name": self.name, "size": self.size, "sent": self.sent_at}

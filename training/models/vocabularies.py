"""The terms by which sessions are sorted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.models import Vocabulary


class Level(Vocabulary):
    """How experienced a session expects its participants to be."""

    description = models.TextField(
        _("description"), blank=True, help_text=_("What sessions at this level are like.")
    )
    sign_of = models.TextField(
        _("this level is yours if"),
        blank=True,
        help_text=_("A test one can apply to oneself. Example: You have a campaign that is stuck."),
    )

    panels = [*Vocabulary.panels, "description", "sign_of"]

    class Meta(Vocabulary.Meta):
        verbose_name = _("level")
        verbose_name_plural = _("levels")


class Format(Vocabulary):
    """How a session is held."""

    description = models.TextField(
        _("description"), blank=True, help_text=_("How such a session runs, in a sentence or two.")
    )

    panels = [*Vocabulary.panels, "description"]

    class Meta(Vocabulary.Meta):
        verbose_name = _("format")
        verbose_name_plural = _("formats")

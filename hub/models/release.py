"""Launches: pages that go public together, in all their languages."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Locale, Page


class Release(ClusterableModel):
    """Pages that are to go public together, in the source language and in ``locales``.

    With ``publish_at`` the clock publishes it (hub.jobs), in the name of ``scheduled_by``. When it
    is not ready then, nothing goes public and ``held_at`` is set: the clock leaves it alone until
    somebody sets another time.
    """

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Example: Toolkit 1.2 for the March call")
    )
    locales = models.ManyToManyField(
        Locale,
        related_name="+",
        verbose_name=_("languages"),
        blank=True,
        help_text=_("The source language is always part of it."),
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_("Left empty, somebody publishes it by hand."),
    )
    accepts_warnings = models.BooleanField(
        _("publish even if some files, links or reviews are not as they should be"),
        default=False,
        help_text=_(
            "What must be mended still holds it up. Example: a text nobody has translated."
        ),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    held_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self):
        return self.name


class ReleasePage(models.Model):
    """A page of a release, in the source language.

    The title is kept so that one can say which page it was that somebody has deleted since.
    """

    release = ParentalKey(Release, on_delete=models.CASCADE, related_name="page_rows")
    page = models.ForeignKey(
        Page, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("page")
    )
    title = models.CharField(max_length=255, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if self.page:
            self.title = self.page.title
        super().save(*args, **kwargs)

"""Choices about the whole site that are not words: words are fields of the home page."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable, Page
from wagtail.permission_policies.sites import SitePermissionPolicy

from hub.caching import remember
from hub.fields import ZoneField


class SettingsPermissionPolicy(SitePermissionPolicy):
    """Remembers what groups may do on which site, which the menu asks on every page of the admin.

    hub.signals forgets it when that, or who is in which group, changes.
    """

    def get_all_permissions_for_user(self, user):
        find = super().get_all_permissions_for_user
        return remember(f"site_permissions:{user.pk}", lambda: list(find(user)))


@register_setting(icon="cogs")
class SiteSettings(ClusterableModel, BaseSiteSetting):
    """Time zones, footer and the picture for link previews."""

    @classmethod
    def get_permission_policy(cls):
        return SettingsPermissionPolicy(cls)

    share_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture for link previews"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when somebody shares a page that has no picture of its own."),
    )
    contact_page = models.ForeignKey(
        Page,
        verbose_name=_("page for questions and feedback"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Where “Tell us” and “Ask a person” lead."),
    )
    pilot = models.BooleanField(
        _("the hub is a pilot"),
        default=True,
        help_text=_("Shows the strip above the header. Its words are on the home page."),
    )

    panels = [
        InlinePanel(
            "display_zones",
            heading=_("Time zones shown with every session"),
            label=_("Zone"),
            help_text=_("The reader's own time is added by itself."),
        ),
        InlinePanel("footer_links", heading=_("Footer"), label=_("Link")),
        FieldPanel("contact_page"),
        FieldPanel("share_image"),
        FieldPanel("pilot"),
    ]

    class Meta:
        verbose_name = _("site settings")


class DisplayZone(Orderable):
    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="display_zones")
    zone = ZoneField(_("zone"), help_text=_("Named after its largest city."))

    panels = ["zone"]

    class Meta(Orderable.Meta):
        verbose_name = _("time zone")


class FooterLink(Orderable):
    class Column(models.TextChoices):
        HELP = "help", _("Help")
        ABOUT = "about", _("About")

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="footer_links")
    column = models.CharField(
        _("column"), max_length=10, choices=Column.choices, default=Column.HELP
    )
    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page")
    )

    panels = ["column", "page"]

    class Meta(Orderable.Meta):
        verbose_name = _("footer link")


def display_zones() -> list[str]:
    """The zones in which times are shown besides their own. Remembered."""
    zones = DisplayZone.objects.filter(settings__site__is_default_site=True)
    return remember("display_zones", lambda: list(zones.values_list("zone", flat=True)))

"""Whatever a reader could see has changed: forget what was remembered."""

from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import (
    GroupPagePermission,
    GroupSitePermission,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)
from wagtail.signals import page_published, page_unpublished, post_page_move

from hub.caching import forget_everything
from hub.models import (
    DisplayZone,
    FooterLink,
    HubDocument,
    HubImage,
    LanguageTeam,
    SiteSettings,
    TranslatedText,
    User,
)

_VISIBLE = (
    Page,
    # What staff see in the menu follows from what they may do.
    Group,
    GroupPagePermission,
    GroupSitePermission,
    LanguageTeam,
    PageViewRestriction,
    Site,
    Locale,
    SiteSettings,
    # Saved after the settings they belong to: a page read in between shows the old rows.
    DisplayZone,
    FooterLink,
    TranslatedText,
    HubDocument,
    HubImage,
)


def forget_after(sender, **_arguments):
    if issubclass(sender, _VISIBLE):
        forget_everything()


post_save.connect(forget_after)
post_delete.connect(forget_after)
m2m_changed.connect(forget_everything, sender=User.groups.through)
for signal in (page_published, page_unpublished, post_page_move):
    signal.connect(forget_everything)

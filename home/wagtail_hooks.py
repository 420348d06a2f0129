from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn

from home.models import StoryPage
from home.stories import draft_story
from hub.admin.pages import CHANGED_AND_STATUS, TITLE, HubPageListing


class StoryListing(HubPageListing):
    model = StoryPage
    icon = "openquote"
    menu_label = _("Stories")
    menu_order = 220
    columns = [
        *TITLE,
        DateColumn("date", label=_("Date"), accessor="date", sort_key="date"),
        Column("organisation", label=_("Organisation"), accessor="organisation"),
        *CHANGED_AND_STATUS,
    ]


@hooks.register("register_admin_viewset")
def story_listing():
    return StoryListing("stories")


hooks.register("hub_draft_story", draft_story)

"""What the apps' lists of pages in the admin have in common."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.viewsets.pages import PageListingViewSet

TITLE = [
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label=_("Title"), sort_key="title"),
]
CHANGED_AND_STATUS = [
    DateColumn(
        "latest_revision_created_at",
        label=_("Last change"),
        sort_key="latest_revision_created_at",
        width="12%",
    ),
    PageStatusColumn("status", label=_("Status"), sort_key="live", width="12%"),
]


class HubPageListing(PageListingViewSet):
    """A flat list of the pages of one type, with the columns one looks for between title and date."""

    add_to_admin_menu = True

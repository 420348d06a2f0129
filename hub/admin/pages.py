"""What the apps' lists of pages in the admin have in common."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from hub.caching import remember

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


class ChooseSourceParentView(ChooseParentView):
    """Pages begin in the source language; in the others they come about by translation.

    So there is usually one place, and nobody is asked which of four "Stories" they mean.
    """

    def get_valid_parent_pages(self, user):
        parents = super().get_valid_parent_pages(user)
        return parents.filter(locale__language_code=settings.LANGUAGE_CODE)


class HubPageListing(PageListingViewSet):
    """A flat list of the pages of one type, with the columns one looks for between title and date.

    In the menu of those alone for whom the list, or its "Add" button, holds something.
    """

    add_to_admin_menu = True
    choose_parent_view_class = ChooseSourceParentView

    @cached_property
    def menu_item_class(self):
        model = self.model

        def is_shown(_item, request):
            return may_work_on(request.user, model)

        return type(f"{type(self).__name__}MenuItem", (MenuItem,), {"is_shown": is_shown})


def may_work_on(user, model) -> bool:
    """Whether ``user`` has a permission on any page of type ``model``, or on one it can stand under."""
    types = ContentType.objects.get_for_models(model, *model.allowed_parent_page_models())
    return not types_worked_on(user).isdisjoint(row.pk for row in types.values())


def types_worked_on(user) -> set[int]:
    """The content types of the pages ``user`` has a permission on; remembered, as the menu asks it
    on every page of the admin (hub.signals forgets it when permissions change)."""

    def find():
        pages = page_permission_policy.instances_user_has_any_permission_for(
            user, {"add", "change", "publish", "lock", "unlock"}
        )
        types = Page.objects.filter(pk__in=pages.values("pk")).order_by()
        return set(types.values_list("content_type", flat=True).distinct())

    return remember(f"types_worked_on:{user.pk}", find)

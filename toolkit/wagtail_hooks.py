from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies.pages import PagePermissionPolicy

from hub.admin.pages import CHANGED_AND_STATUS, TITLE, HubPageListing
from hub.admin.todo import Todo
from toolkit.models import ChapterPage, TemplatePage


class ChapterListing(HubPageListing):
    model = ChapterPage
    icon = "list-ol"
    menu_label = _("Chapters")
    menu_order = 200
    columns = [
        *TITLE,
        Column("minutes", label=_("Minutes"), accessor="minutes", sort_key="minutes"),
        *CHANGED_AND_STATUS,
    ]


class TemplateListing(HubPageListing):
    model = TemplatePage
    icon = "doc-full"
    menu_label = _("Templates")
    menu_order = 201
    columns = [
        *TITLE,
        Column("files", label=_("Files"), accessor="files_label"),
        *CHANGED_AND_STATUS,
    ]


@hooks.register("register_admin_viewset")
def page_listings():
    return [ChapterListing("chapters"), TemplateListing("templates")]


@hooks.register("hub_todo")
def templates_without_files(user):
    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    lacking = TemplatePage.objects.filter(pk__in=editable.values("pk"), live=True, files=None)[:6]
    if links := [
        (page.title, reverse("wagtailadmin_pages:edit", args=[page.pk])) for page in lacking
    ]:
        yield Todo(str(_("Templates without a file")), links=links)

"""How many people wait to hear of the next session."""

from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.permission_policies.pages import PagePermissionPolicy

from hub.admin.todo import Todo
from training.models import Interest, NextSessionPage


def people_who_wait(user):
    """A hub_todo hook, for those who may edit the page they asked on."""
    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    asking = NextSessionPage.objects.filter(pk__in=editable.values("pk")).order_by("pk").first()
    if asking is None:
        return
    count = Interest.objects.open().for_form(asking).values("address_key").distinct().count()
    if count:
        yield Todo(
            ngettext(
                "%(count)d person waits to hear of the next session",
                "%(count)d people wait to hear of the next session",
                count,
            )
            % {"count": count},
            url=reverse("wagtailforms:list_submissions", args=[asking.pk]),
        )

"""What somebody of the funding team finds on the admin's front page."""

from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from funding.admin.desk import policy
from funding.models import GrantRequest, Review
from hub.admin.todo import Todo
from hub.staff import name_of

SHOWN = 6


class NextRequestsPanel(Component):
    """The requests whose windows close first, of those one may read. Two queries."""

    name = "next_requests"
    template_name = "funding/admin/next_requests.html"
    order = 61

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        requests = GrantRequest.objects.visible_to(self.user).undecided().in_reading_order()
        shown = list(requests.select_related("assignee")[:SHOWN])
        for found in shown:
            found.assignee_name = name_of(found.assignee) if found.assignee else ""
        return {"requests": shown}


def add_next_requests(request, panels):
    """A construct_homepage_panels hook."""
    if policy.user_has_permission(request.user, "view"):
        panels.append(NextRequestsPanel(request.user))


def queue_url(query: str) -> str:
    return f"{reverse('grant_requests:index')}?{query}"


def requests_to_do(user):
    """A hub_todo hook: what nobody has taken, what is late, what is about to be too late."""
    if not policy.user_has_permission(user, "change"):
        return
    listed = GrantRequest.objects.listed_to(user).undecided()
    if count := listed.filter(assignee=None).count():
        text = ngettext(
            "%(count)d grant request is assigned to nobody",
            "%(count)d grant requests are assigned to nobody",
            count,
        )
        yield Todo(text % {"count": count}, url=queue_url("assignee=nobody"))
    if count := listed.late().count():
        text = ngettext(
            "%(count)d grant request should have been decided by now",
            "%(count)d grant requests should have been decided by now",
            count,
        )
        yield Todo(text % {"count": count}, url=queue_url("late=yes"))
    if count := listed.closing_soon().count():
        text = ngettext(
            "The window of %(count)d grant request closes within a week",
            "The windows of %(count)d grant requests close within a week",
            count,
        )
        yield Todo(text % {"count": count}, url=reverse("grant_requests:index"))


def reviews_to_give(user):
    """A hub_todo hook: what one was asked to review."""
    if not policy.user_has_permission(user, "view"):
        return
    visible = GrantRequest.objects.visible_to(user).undecided().values("pk")
    count = Review.objects.filter(reviewer=user, given_at=None, request__in=visible).count()
    if count:
        text = ngettext(
            "%(count)d grant request waits for your review",
            "%(count)d grant requests wait for your review",
            count,
        )
        yield Todo(text % {"count": count}, url=reverse("grant_requests:index"))

"""The link to a request: asking for it, and what is said of one that does not work."""

from functools import partial

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from funding import self_service
from funding.models import GrantRequest
from hub.forms import links, private_pages

DONE = {
    "asked": _(
        "If there is a request with this address, a mail with the link is on its way. Nothing within "
        "an hour? Look among unwanted mail."
    )
}
TEMPLATE = "funding/request_link.html"


@private_pages.secret
@require_http_methods(private_pages.WRITE)
def ask_for_link(request):
    return private_pages.ask_for_link(
        request, TEMPLATE, self_service.LinkForm, self_service.mail_links, DONE
    )


def _find(token: str) -> self_service.Standing | None:
    """How the request stands that a link is for. One query, or none."""
    requests = GrantRequest.objects.filter(anonymised_at=None)
    found = links.find(requests.select_related("criteria", "locale"), token)
    return found and self_service.Standing(found, get_language())


def _refused(request):
    return private_pages.link_refused(request, TEMPLATE, self_service.LinkForm, "request_link")


# A view of the Standing of whoever has the link; every other link gets the same answer.
behind_link = partial(private_pages.behind_link, _find, _refused)


def address(standing, name: str = "request", done: str = "") -> str:
    """The path of one of the request's pages; ``done`` says there what was done."""
    path = reverse(name, args=[links.token_for(standing.request)])
    return f"{path}?done={done}" if done else path


def about(standing) -> dict:
    """What the template of each of the request's pages is told."""
    return {
        "standing": standing,
        "grant_request": standing.request,
        "token": links.token_for(standing.request),
    }

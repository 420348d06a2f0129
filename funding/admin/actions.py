"""The ways on from a request: pages on which something is done with it, and when they are offered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding import reviews, states
from funding.models import GrantRequest
from funding.models.requests import CHANGE
from funding.states import Actor
from hub.models import User


@dataclass(frozen=True)
class Action:
    """``name`` is that of the page's pattern in funding.admin.viewset, which takes the request's number
    and ``args``.

    ``fits`` says whether it can be done with a request now, by a user who may see it.
    """

    name: str
    label: str
    icon: str
    fits: Callable[[GrantRequest, User], bool]
    args: tuple[str, ...] = ()


def _owes_review(request: GrantRequest, user: User) -> bool:
    return not reviews.refusal(request, user)


def _may_ask(request: GrantRequest, user: User) -> bool:
    return user.has_perm(CHANGE) and request.is_undecided


def _may_move(status: str, request: GrantRequest, user: User) -> bool:
    return user.has_perm(CHANGE) and states.may(request, status, Actor.OFFICER)


def _is_public(request: GrantRequest, user: User) -> bool:
    return user.has_perm(CHANGE) and request.is_granted


def _is_reported(request: GrantRequest, user: User) -> bool:
    return user.has_perm(CHANGE) and request.status == states.REPORTED


# In the order in which they are shown.
ACTIONS = (
    Action("review", _("Give your review"), "tasks", _owes_review),
    Action("ask", _("Ask for more"), "comment", _may_ask),
    Action(
        "decide", _("Award a grant"), "check", partial(_may_move, states.AWARDED), (states.AWARDED,)
    ),
    Action(
        "decide", _("Decline"), "cross", partial(_may_move, states.DECLINED), (states.DECLINED,)
    ),
    Action(
        "decide",
        _("Refer to something else"),
        "redirect",
        partial(_may_move, states.REFERRED),
        (states.REFERRED,),
    ),
    Action("payment", _("Note the payment"), "calendar-check", partial(_may_move, states.PAID)),
    Action("purpose", _("What is public"), "globe", _is_public),
    Action("report", _("Read the report"), "doc-full", _is_reported),
)


def actions_for(request: GrantRequest, user: User) -> list[dict]:
    """What ``user`` can do with the request now, each with its address, words and icon."""
    return [
        {
            "url": reverse(f"grant_requests:{action.name}", args=[request.pk, *action.args]),
            "label": action.label,
            "icon": action.icon,
        }
        for action in ACTIONS
        if action.fits(request, user)
    ]

"""The ways on from a request: pages on which something is done with it, and when they are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from funding.models import GrantRequest
from hub.models import User


@dataclass(frozen=True)
class Action:
    """``name`` is that of the page's pattern in funding.admin.viewset, which takes the request's number.

    ``fits`` says whether it can be done with a request now, by a user who may see it.
    """

    name: str
    label: str
    icon: str
    fits: Callable[[GrantRequest, User], bool]


# In the order in which they are shown.
ACTIONS: tuple[Action, ...] = ()


def actions_for(request: GrantRequest, user: User) -> list[dict]:
    """What ``user`` can do with the request now, each with its address, words and icon."""
    return [
        {
            "url": reverse(f"grant_requests:{action.name}", args=[request.pk]),
            "label": action.label,
            "icon": action.icon,
        }
        for action in ACTIONS
        if action.fits(request, user)
    ]

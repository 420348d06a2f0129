"""Drafts of stories, made of what people have sent and agreed to have told.

The app that has stories plugs in with a hook, ``hub_draft_story``, which is given an Outline and a user
and returns the page, or None where it cannot stand anywhere.
"""

from dataclasses import dataclass, field

from wagtail import hooks
from wagtail.models import Page

from hub.models import User


@dataclass(frozen=True)
class Outline:
    """What an editor begins with. ``parts`` are headings and plain texts; ``tools`` translation keys."""

    title: str
    summary: str
    parts: list[tuple[str, str]]
    organisation: str
    language: str
    tools: list[str] = field(default_factory=list)


def draft(outline: Outline, user: User) -> Page | None:
    """A story that is not public yet, for editors to finish."""
    for make in hooks.get_hooks("hub_draft_story"):
        if page := make(outline, user):
            return page
    return None

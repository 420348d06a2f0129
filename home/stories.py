"""Stories that begin as what somebody has reported."""

from django.utils.html import linebreaks
from wagtail.models import Page

from home.models import StoryIndexPage, StoryPage, StoryTool
from hub.models import User
from hub.stories import Outline


def draft_story(outline: Outline, user: User) -> StoryPage | None:
    """A hub_draft_story hook: the draft stands under the list of stories of its language."""
    parent = (
        StoryIndexPage.objects.filter(locale__language_code=outline.language).first()
        or StoryIndexPage.objects.order_by("pk").first()
    )
    if parent is None:
        return None
    body = []
    for heading, text in outline.parts:
        body.append(("heading", {"text": heading, "level": "h2"}))
        body.append(("rich_text", linebreaks(text, autoescape=True)))
    story = StoryPage(
        title=outline.title,
        summary=outline.summary,
        organisation=outline.organisation,
        locale=parent.locale,
        owner=user,
        live=False,
        body=body,
    )
    targets = Page.objects.filter(translation_key__in=outline.tools, locale=parent.locale)
    story.tools = [
        StoryTool(target=target, sort_order=number) for number, target in enumerate(targets)
    ]
    parent.add_child(instance=story)
    story.save_revision(user=user, log_action=True)
    return story

from django import template
from django.utils.translation import get_language

from hub.caching import remember
from toolkit.models import ToolkitPage
from toolkit.outline import Outline, outline_of

register = template.Library()


@register.simple_tag
def main_outline() -> Outline | None:
    """The outline of the hub's first toolkit in the language of the request, if it has one."""
    language = get_language()

    def first_outline():
        toolkit = (
            ToolkitPage.objects.live()
            .filter(locale__language_code=language)
            .select_related("locale")
            .order_by("path")
            .first()
        )
        return toolkit and outline_of(toolkit)

    return remember(f"main_outline:{language}", first_outline)


@register.simple_tag
def steps_used(outline: Outline | None, pages) -> list[str]:
    """The numbers of the steps that ``pages`` (chapters or templates) belong to."""
    if not outline:
        return []
    entries = (outline.entry(page.pk) for page in pages)
    return sorted({entry.step.number for entry in entries if entry and entry.step.number})


@register.simple_tag
def entry_of(outline: Outline | None, page):
    """The place of a chapter in the outline, or None for any other page."""
    return outline and outline.entry(page.pk)

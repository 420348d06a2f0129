from django import template
from django.conf import settings
from django.utils.translation import get_language

from hub import languages
from hub.caching import remember
from toolkit.models import ToolkitPage
from toolkit.outline import Outline, outline_of

register = template.Library()


@register.simple_tag
def main_outline() -> Outline | None:
    """The outline of the hub's first toolkit for whoever reads, if it has one."""
    reader = languages.reader_language() or get_language()
    if reader not in {language.code for language in languages.offered_languages()}:
        return None

    def first_outline():
        toolkits = ToolkitPage.objects.live().select_related("locale").order_by("path")
        toolkit = (
            toolkits.filter(locale__language_code=reader).first()
            or toolkits.filter(locale__language_code=settings.LANGUAGE_CODE).first()
        )
        return toolkit and outline_of(toolkit)

    return remember(f"main_outline:{reader}", first_outline)


@register.simple_tag
def steps_used(outline: Outline | None, pages) -> list[str]:
    """The numbers of the steps that ``pages`` (chapters or templates) belong to."""
    if not outline:
        return []
    entries = (outline.entry(page.translation_key) for page in pages)
    return sorted({entry.step.number for entry in entries if entry and entry.step.number})


@register.simple_tag
def entry_of(outline: Outline | None, page):
    """The place of a chapter in the outline, or None for any other page."""
    return outline and outline.entry(page.translation_key)

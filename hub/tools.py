"""The pages that people work with, such as chapters and templates, whatever app they come from.

A page type says so of itself with ``is_tool`` (hub.models.BasePage).
"""

from django.conf import settings
from wagtail.models import Locale, Page, get_page_models

from hub.localized import for_readers


def tools(language: str):
    """The tools that readers of a language are shown, in the order of the tree."""
    locale = Locale.objects.filter(language_code__in=[language, settings.LANGUAGE_CODE])
    locale = max(locale, key=lambda found: found.language_code == language)
    models = [model for model in get_page_models() if getattr(model, "is_tool", False)]
    return for_readers(Page.objects.type(*models), locale).order_by("path")


def tool_choices(language: str) -> list[tuple[str, str]]:
    """Translation keys and titles. Two queries."""
    return [(str(page.translation_key), page.title) for page in tools(language)]

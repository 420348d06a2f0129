"""The terms agreed on for a language."""

from wagtail.models import Locale

from hub.models import GlossaryTerm


def of(locale: Locale) -> list[GlossaryTerm]:
    """Longer terms first, so that “open tender” is looked for before “tender”. One query."""
    return sorted(
        GlossaryTerm.objects.filter(locale=locale), key=lambda entry: (-len(entry.term), entry.term)
    )

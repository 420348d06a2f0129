from django import template

from hub.localized import for_readers, reader_locale
from training.models import SessionPage

register = template.Library()


@register.simple_tag
def next_sessions(page, limit: int = 3) -> list[SessionPage]:
    """The next sessions for readers of ``page``, soonest first. One query."""
    sessions = for_readers(SessionPage.objects.for_rows().upcoming(), reader_locale(page))
    return list(sessions[:limit])

from django import template

from hub.caching import remember
from hub.localized import for_readers, reader_locale
from training.models import NextSessionPage, SessionPage
from training.models.sessions import with_rosters

register = template.Library()


@register.simple_tag
def next_sessions(page, limit: int = 3) -> list[SessionPage]:
    """The next sessions for readers of ``page``, soonest first. Two queries."""
    sessions = for_readers(SessionPage.objects.for_rows().upcoming(), reader_locale(page))
    return with_rosters(sessions.filter(is_cancelled=False)[:limit])


@register.simple_tag
def next_session_url(page) -> str:
    """Where readers of ``page`` ask to hear of the next session; "" where they cannot. Remembered."""
    locale = reader_locale(page)

    def find():
        asking = for_readers(NextSessionPage.objects.select_related("locale"), locale)
        first = asking.order_by("untranslated", "path").first()
        return first.url if first else ""

    return remember(f"next_session:{locale.pk}", find)

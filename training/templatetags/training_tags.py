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
def next_session_page(page):
    """Where one asks to be told of the next session, for readers of ``page``; None if nowhere.

    Remembered: no query.
    """
    locale = reader_locale(page)
    pages = for_readers(NextSessionPage.objects.select_related("locale"), locale)
    return remember(
        f"next_session_page:{locale.pk}", lambda: pages.order_by("untranslated").first()
    )

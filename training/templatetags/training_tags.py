from django import template

from training.models import SessionPage

register = template.Library()


@register.simple_tag
def next_sessions(locale, limit: int = 3) -> list[SessionPage]:
    """The next sessions in a language of the site, soonest first. One query."""
    return list(SessionPage.objects.live().filter(locale=locale).for_rows().upcoming()[:limit])

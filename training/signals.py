"""A session's page was published."""

from wagtail.signals import page_published

from training.models import SessionPage
from training.sessions import settle


def session_published(instance, **_arguments):
    # Wagtail says so too of a page that is to go public at a time to come.
    if instance.live:
        settle(instance)


page_published.connect(session_published, sender=SessionPage)

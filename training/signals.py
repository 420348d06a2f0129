"""A session's page was published or deleted."""

from django.db.models.signals import post_delete
from wagtail.signals import page_published

from training.models import Roster, SessionPage
from training.sessions import settle


def session_published(instance, **_arguments):
    # Wagtail says so too of a page that is to go public at a time to come.
    if instance.live:
        settle(instance)


page_published.connect(session_published, sender=SessionPage)


def session_deleted(instance, **_arguments):
    """A session that has no page left has no roster; one with people on it keeps its pages."""
    pages = SessionPage.objects.filter(translation_key=instance.translation_key)
    if not pages.exists():
        Roster.objects.filter(
            session_key=instance.translation_key, registrations__isnull=True
        ).delete()


post_delete.connect(session_deleted, sender=SessionPage)

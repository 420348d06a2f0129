"""A session's page was published or deleted; a mail was given other words."""

from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published

from training.mail_texts import follow_source
from training.models import MailText, Roster, SessionPage
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


def mail_text_saved(instance, raw=False, **_arguments):
    if not raw:
        follow_source(instance)


post_save.connect(mail_text_saved, sender=MailText)

"""What happens by itself when sources, translations and languages change."""

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Locale, Page, Revision
from wagtail.signals import (
    copy_for_translation_done,
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)
from wagtail_localize.models import StringTranslation, Translation, TranslationLog

from hub.mail.texts import follow_source
from hub.models import (
    HubDocument,
    HubImage,
    MailText,
    TranslatedText,
    TranslationTask,
    Vocabulary,
)
from hub.translation import cascade, deletions, notify, teams, tracking

# What pages refer to besides other pages.
_USED = (HubDocument, HubImage, Vocabulary)


@receiver(post_save, sender=Translation)
def add_task(instance, created, raw=False, **_arguments):
    if created and not raw:
        task = tracking.task_of(instance)
        transaction.on_commit(lambda: notify.arrived(task), robust=True)


@receiver([post_save, post_delete], sender=StringTranslation)
def count_anew(instance, **_arguments):
    if instance.context_id:
        TranslationTask.objects.filter(
            translation__source__object_id=instance.context.object_id,
            translation__target_locale_id=instance.locale_id,
            recount=False,
        ).update(recount=True)


@receiver(post_save, sender=Revision)
def note_draft(instance, created, raw=False, **_arguments):
    """Notes what a draft of a translation is made of, before anybody can publish it.

    wagtail-localize's own log comes too late: it publishes before it writes that.
    """
    key, locale = instance.content.get("translation_key"), instance.content.get("locale")
    if not created or raw or not key:
        return
    translation = Translation.objects.filter(
        source__object_id=key, target_locale=locale, enabled=True
    ).first()
    if translation:
        tracking.target_drafted(translation, instance.pk)


@receiver(post_save, sender=TranslationLog)
def note_term(instance, created, raw=False, **_arguments):
    """A term has no drafts: wagtail-localize writes this once it has saved the term."""
    if not created or raw or instance.revision_id:
        return
    translation = Translation.objects.filter(
        source=instance.source_id, target_locale=instance.locale_id
    ).first()
    if translation:
        tracking.target_drafted(translation, None)


@receiver(page_published)
def follow_publication(instance, revision=None, **_arguments):
    tracking.page_published(instance, revision, getattr(revision, "user", None))


@receiver(pre_save)
def keep_alias_a_draft(sender, instance, raw=False, **_arguments):
    """An alias in another language is the source's words under the wrong name: never live.

    wagtail-localize makes them of the ancestors of what it translates, as live as the source;
    readers are shown the source in its own name instead (hub.routing).
    """
    if raw or not issubclass(sender, Page) or not instance.live or not instance.alias_of_id:
        return
    if instance.alias_of.locale_id != instance.locale_id:
        instance.live = False


@receiver(page_unpublished)
def follow_unpublication(instance, **_arguments):
    tracking.target_unpublished(instance)
    cascade.follow_unpublication(instance)


@receiver(page_slug_changed)
def follow_slug(instance, **_arguments):
    cascade.follow_slug(instance)


@receiver(post_page_move)
def follow_move(instance, parent_page_before, parent_page_after, **_arguments):
    cascade.follow_move(instance, parent_page_before, parent_page_after)


@receiver(pre_delete)
def find_users(sender, instance, **_arguments):
    if sender is Page or issubclass(sender, _USED):
        instance._sources_to_read_again = deletions.users_of(instance)


@receiver(post_delete)
def forget_deleted(sender, instance, **_arguments):
    if sender is Page or issubclass(sender, _USED):
        deletions.forget_overrides(instance)
        deletions.read_again(instance._sources_to_read_again)


@receiver(post_save)
def follow_term(sender, instance, created, raw=False, **_arguments):
    """A term has no draft: saving its source publishes it."""
    if raw or not issubclass(sender, TranslatedText):
        return
    if instance.locale.language_code == settings.LANGUAGE_CODE and not created:
        tracking.source_published(instance)


@receiver(post_save, sender=MailText)
def hand_over_mail_text(instance, raw=False, **_arguments):
    """After follow_term: what translators have already is brought up to date first."""
    if not raw:
        follow_source(instance)


@receiver(post_save, sender=Locale)
def add_team(instance, raw=False, **_arguments):
    if not raw and instance.language_code != settings.LANGUAGE_CODE:
        teams.set_up_team(instance)


@receiver(copy_for_translation_done)
def grant_on_new_home(source_obj, target_obj, **_arguments):
    """The first page of a language: from now on its team has something to work on."""
    if isinstance(target_obj, Page) and target_obj.depth == 2:
        teams.set_up_team(target_obj.locale)

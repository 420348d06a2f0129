"""What happens by itself when sources, translations and languages change."""

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Locale, Page
from wagtail.signals import copy_for_translation_done, page_published
from wagtail_localize.models import (
    StringTranslation,
    Translation,
    TranslationLog,
)

from hub.models import TranslationTask, Vocabulary
from hub.translation import notify, teams, tracking


@receiver(post_save, sender=Translation)
def add_task(instance, created, raw=False, **_arguments):
    if raw:
        return
    if created:
        task = tracking.task_of(instance)
        transaction.on_commit(lambda: notify.arrived(task), robust=True)
    if instance.enabled:
        # An alias is live in the source's words; as a translation it begins as a draft.
        Page.objects.filter(
            translation_key=instance.source.object_id, locale=instance.target_locale_id
        ).exclude(alias_of=None).update(live=False)


@receiver([post_save, post_delete], sender=StringTranslation)
def count_anew(instance, **_arguments):
    if instance.context_id:
        TranslationTask.objects.filter(
            translation__source__object_id=instance.context.object_id,
            translation__target_locale_id=instance.locale_id,
            recount=False,
        ).update(recount=True)


@receiver(post_save, sender=TranslationLog)
def note_draft(instance, created, raw=False, **_arguments):
    """wagtail-localize writes this once it has saved a target: the moment to note what it is made of."""
    if not created or raw:
        return
    translation = Translation.objects.filter(
        source=instance.source_id, target_locale=instance.locale_id
    ).first()
    if translation:
        tracking.target_drafted(translation, instance.revision_id)


@receiver(page_published)
def follow_publication(instance, revision=None, **_arguments):
    tracking.page_published(instance, revision, getattr(revision, "user", None))


@receiver(post_save)
def follow_term(sender, instance, created, raw=False, **_arguments):
    """A term has no draft: saving its source publishes it."""
    if raw or not issubclass(sender, Vocabulary):
        return
    if instance.locale.language_code == settings.LANGUAGE_CODE and not created:
        tracking.source_published(instance)


@receiver(post_save, sender=Locale)
def add_team(instance, raw=False, **_arguments):
    if not raw and instance.language_code != settings.LANGUAGE_CODE:
        teams.set_up_team(instance)


@receiver(copy_for_translation_done)
def grant_on_new_home(source_obj, target_obj, **_arguments):
    """The first page of a language: from now on its team has something to work on."""
    if isinstance(target_obj, Page) and target_obj.depth == 2:
        teams.set_up_team(target_obj.locale)

"""What publishing a source, or a translation, means for the others.

A source that is published is re-read at once, so that its translations show as out of date in the
same second, on the desk and to readers; live translations stay live as they are. wagtail-localize
does so only when an editor presses "Sync", and would then publish the changed passages in the
source's words.
"""

from difflib import SequenceMatcher
from itertools import zip_longest

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from hub.caching import forget_everything
from hub.models import SourceChange, TranslationTask
from hub.translation import memory, notify, passages, progress

Texts = dict[str, list[int]]


def texts_of(source: TranslationSource) -> Texts:
    """The ids of a source's Strings by content path, in the order of the page. One query."""
    texts: Texts = {}
    for path, string in (
        StringSegment.objects.filter(source=source)
        .order_by("order")
        .values_list("context__path", "string_id")
    ):
        texts.setdefault(path, []).append(string)
    return texts


@transaction.atomic
def source_published(instance, user=None) -> SourceChange | None:
    """Re-reads the source that ``instance`` is; the change, None if no text changed."""
    source = TranslationSource.objects.get_for_instance_or_none(instance)
    if source is None:
        return None
    before = texts_of(source)
    source.update_from_db()
    after = texts_of(source)
    if before == after:
        return None
    memory.reuse_within(source)
    tasks = TranslationTask.objects.filter(translation__source=source)
    tasks.update(recount=True)
    changes = differences(before, after)
    if not changes:  # moved or made anew: the words are the same
        return None
    change = SourceChange.objects.create(source=source, user=user, texts=changes)
    tasks.filter(waiting_since=None).update(waiting_since=timezone.now())
    # What was being reviewed is not what there now is to review.
    tasks.filter(state=TranslationTask.State.PUBLISHED).update(state=TranslationTask.State.WORKING)
    refresh_outdated(source, after)
    transaction.on_commit(lambda: notify.source_changed(change), robust=True)
    return change


def differences(before: Texts, after: Texts) -> list[list]:
    """What changed, as SourceChange.texts: ``[path, former String or None, new one or None]``.

    A text that only moved, within a field or to another, has not changed.
    """
    gone, come = passages.surplus(before, after)
    changes = []
    for path in dict.fromkeys([*before, *after]):
        old, new = before.get(path, []), after.get(path, [])
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            left = [string for string in old[i1:i2] if passages.take(gone, string)]
            added = [string for string in new[j1:j2] if passages.take(come, string)]
            changes += [[path, *pair] for pair in zip_longest(left, added)]
    return changes


def refresh_outdated(source: TranslationSource, current: Texts | None = None):
    """Works out anew which passages of the published translations are out of date."""
    current = texts_of(source) if current is None else current
    for task in TranslationTask.objects.filter(translation__source=source).exclude(
        published_at=None
    ):
        task.outdated = passages.outdated(source, task.published_texts, current)
        task.save(update_fields=["outdated"])


@transaction.atomic
def no_translation_needed(change: SourceChange):
    """The editor says that a change is trivial: translations of the former texts hold for the new.

    Nothing is out of date because of it, and nobody has anything to do.
    """
    follows = {(path, old): new for path, old, new in change.texts if old and new}
    tasks = TranslationTask.objects.filter(translation__source=change.source)
    untouched = [task for task in tasks if not _is_written_to(task)]
    former = StringTranslation.objects.filter(
        translation_of__in={old for _path, old in follows}, context__object=change.source.object_id
    ).select_related("context")
    for translation in former:
        if new := follows.get((translation.context.path, translation.translation_of_id)):
            StringTranslation.objects.get_or_create(
                translation_of_id=new,
                locale_id=translation.locale_id,
                context_id=translation.context_id,
                defaults={
                    "data": translation.data,
                    "translation_type": translation.translation_type,
                    "tool_name": translation.tool_name,
                    "last_translated_by_id": translation.last_translated_by_id,
                    "has_error": translation.has_error,
                    "field_error": translation.field_error,
                },
            )
    change.needs_no_translation = True
    change.save(update_fields=["needs_no_translation"])
    for task in tasks:
        task.published_texts = {
            path: [follows.get((path, string), string) for string in strings]
            for path, strings in task.published_texts.items()
        }
        task.recount = True
        task.save(update_fields=["published_texts", "recount"])
    refresh_outdated(change.source)
    notify.withdraw(change.source)
    for task in untouched:
        task.refresh_from_db()
        if not task.outdated and progress.is_complete(task.translation):
            task.state = TranslationTask.State.PUBLISHED
            task.save(update_fields=["state"])


def _is_written_to(task: TranslationTask) -> bool:
    """Whether there is work that readers have not seen, beyond what the source has changed."""
    if task.published_at is None or task.state != TranslationTask.State.WORKING:
        return True
    return StringTranslation.objects.filter(
        context__object=task.translation.source.object_id,
        locale=task.translation.target_locale_id,
        updated_at__gt=task.published_at,
    ).exists()


def target_drafted(translation: Translation, revision_id: int | None):
    """Notes what the latest revision of a target was made from, and whether all was translated."""
    texts = texts_of(translation.source)
    complete = progress.is_complete(translation)
    task = task_of(translation)
    task.draft = {"revision": revision_id, "complete": complete, "texts": texts}
    task.save(update_fields=["draft"])
    if revision_id is None:  # a term: there is no draft between saving and readers
        model = translation.source.specific_content_type.model_class()
        model.objects.filter(
            translation_key=translation.source.object_id, locale=translation.target_locale
        ).update(is_translated=complete)
        forget_everything()
        if complete:
            target_published(task)


def target_published(task: TranslationTask):
    """Readers now see the draft: nothing in it is out of date that was not when it was made."""
    source = task.translation.source
    task.published_texts = task.draft["texts"]
    task.published_at = timezone.now()
    task.outdated = passages.outdated(source, task.published_texts, texts_of(source))
    task.state = TranslationTask.State.PUBLISHED
    task.returned_because = ""
    task.recount = True
    task.save()


def page_published(page: Page, revision, user=None):
    """A page went public: a source, a translation, or a page that has nothing to do with either.

    Wagtail says so too of a page that is to go public at a time to come; that changes nothing yet.
    """
    repair_numchild(page)
    if not page.live:
        return
    source_published(page, user)
    task = (
        TranslationTask.objects.filter(
            translation__source__object_id=page.translation_key,
            translation__target_locale=page.locale_id,
            translation__enabled=True,
        )
        .select_related("translation__source")
        .first()
    )
    if task and revision and task.draft.get("revision") == revision.pk:
        target_published(task)


def target_unpublished(page: Page):
    """Readers no longer see ``page``, if it is a translation: nothing in it is out of date."""
    TranslationTask.objects.filter(
        translation__source__object_id=page.translation_key,
        translation__target_locale=page.locale_id,
    ).update(
        state=TranslationTask.State.WORKING,
        published_at=None,
        published_texts={},
        outdated=[],
        recount=True,
    )


def repair_numchild(page: Page):
    """Sets the number of children straight, which publishing may have set back.

    wagtail-localize publishes a revision after its transaction, with the page as it was when the
    revision was made; children that came in between are forgotten, and the page tree with them
    (wagtail-localize issue 773).
    """
    children = Page.objects.filter(path__startswith=page.path, depth=page.depth + 1).count()
    Page.objects.filter(pk=page.pk).exclude(numchild=children).update(numchild=children)


def task_of(translation: Translation) -> TranslationTask:
    return TranslationTask.objects.get_or_create(translation=translation)[0]

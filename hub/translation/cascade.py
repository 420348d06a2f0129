"""What is done to a source is done to its translations: moving, unpublishing, deleting, renaming.

Signals, not Wagtail's own cascade: that one knows only some of its views (no bulk action, no clock),
and stops half-way with an error when the new parent of a moved page is not translated.
"""

from wagtail import hooks
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.operations import translate_object


def translations(page: Page):
    """The translations of ``page``, if it is a source; a translation leads nowhere. Two queries."""
    if not TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).exists():
        return Page.objects.none()
    return Page.objects.translation_of(page, inclusive=False)


@hooks.register("construct_translated_pages_to_cascade_actions")
def pages_to_delete_too(pages: list[Page], action: str):
    """For the view that deletes a page, which says beforehand how many translations go with it."""
    return {page: translations(page) for page in pages} if action == "delete" else {}


@hooks.register("before_bulk_action")
def delete_translations_too(request, action_type: str, objects: list, _action):
    """The bulk action knows of no translations. It runs in a transaction, and this with it."""
    if action_type == "delete":
        for page in objects:
            if isinstance(page, Page):
                for translation in translations(page):
                    DeletePageAction(translation, user=request.user).execute(
                        skip_permission_checks=True
                    )


def follow_move(page: Page, parent_before: Page, parent_after: Page):
    """Moves the translations of a source to where it has gone, under the parent's translations,
    and among their siblings to where it stands among its own.

    A parent that is not translated yet is submitted: the translation must not be left behind under
    an address that leads nowhere in other languages.
    """
    for translation in translations(page):
        if translation.get_parent().translation_key != parent_before.translation_key:
            continue  # put elsewhere on purpose
        if parent_before != parent_after:
            parent = _translation_of_parent(parent_after, translation.locale)
            # Read again: moving one page may change the paths of others.
            Page.objects.get(pk=translation.pk).move(parent, pos="last-child")
        _follow_order(Page.objects.get(pk=page.pk), Page.objects.get(pk=translation.pk))


def _follow_order(page: Page, translation: Page):
    """Puts a translation before the same page as its source, or last."""
    siblings = {
        sibling.translation_key: sibling
        for sibling in translation.get_siblings(inclusive=False).order_by("path")
    }
    followers = page.get_next_siblings().order_by("path").values_list("translation_key", flat=True)
    follower = next((siblings[key] for key in followers if key in siblings), None)
    if follower:
        translation.move(follower, pos="left")
    elif siblings:
        translation.move(list(siblings.values())[-1], pos="right")


def _translation_of_parent(page: Page, locale: Locale) -> Page:
    if not page.has_translation(locale):
        for missing in page.get_ancestors(inclusive=True).filter(depth__gt=1):
            if not missing.has_translation(locale):
                translate_object(missing, [locale])
    return page.get_translation(locale)


def follow_unpublication(page: Page):
    """Takes the translations of a source off the site with it."""
    for translation in translations(page).live().specific():
        translation.unpublish()


def follow_slug(page: Page):
    """Gives the translations of a source its slug, which is the same in every language.

    Their drafts too, or publishing one would bring the old slug back. The home pages are siblings
    and keep theirs.
    """
    if page.depth <= 2:
        return
    for translation in translations(page).exclude(slug=page.slug).specific():
        if not Page._slug_is_available(page.slug, translation.get_parent(), translation):
            continue
        translation.slug = page.slug
        translation.save(clean=False)
        drafts = translation.revisions.filter(pk=translation.latest_revision_id)
        for revision in drafts | translation.revisions.exclude(approved_go_live_at=None):
            revision.content["slug"] = page.slug
            revision.save(update_fields=["content"])

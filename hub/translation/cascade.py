"""What is done to a source's place in the tree is done to its translations'."""

from django.db.models import Q
from wagtail import hooks
from wagtail.models import Page
from wagtail_localize.models import SegmentOverride, TranslationSource

from hub.models import HubDocument, HubImage


def translations(page: Page):
    """The translations of ``page``, if it is a source; a translation leads nowhere. Two queries."""
    if not TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).exists():
        return Page.objects.none()
    return Page.objects.translation_of(page, inclusive=False)


@hooks.register("construct_translated_pages_to_cascade_actions")
def pages_to_cascade_to(pages: list[Page], action: str):
    """For Wagtail's views that move, unpublish and delete."""
    return {page: translations(page) for page in pages}


def follow_slug(page: Page):
    """Gives the translations of a source its slug, which is the same in every language.

    The home pages are siblings and keep theirs.
    """
    if page.depth <= 2:
        return
    for translation in translations(page).exclude(slug=page.slug).specific():
        translation.slug = page.slug
        translation.save()


def forget_overrides(document_or_image):
    """Removes what would put a deleted file into a translation, on which publishing one stops."""
    is_document = isinstance(document_or_image, HubDocument)
    fragment = "document" if is_document else "image"
    candidates = SegmentOverride.objects.filter(data_json=str(document_or_image.pk)).filter(
        Q(context__field_path__icontains=fragment)
        | Q(context__field_path__icontains="file")
        | Q(context__field_path__icontains="picture")
    )
    candidates.delete()


FILES = (HubDocument, HubImage)

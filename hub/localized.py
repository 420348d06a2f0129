"""The pages an editor has chosen, in the language of the page they are shown on."""

from wagtail.models import Locale, Page


def localized_pages(keys, locale: Locale, queryset=None) -> list[Page]:
    """Live pages with these translation keys, in the order of the keys.

    For each key the page in ``locale``; where that is missing, the live page in the source
    language (the one with the lowest locale), which the list then labels with its language. A key
    with no live page is left out. Costs one query, plus one per page type when the pages of
    ``queryset`` (by default all, as their specific type) are of several types.
    """
    keys = list(keys)
    if not keys:
        return []
    if queryset is None:
        queryset = Page.objects.specific()
    candidates = (
        queryset.live()
        .filter(translation_key__in=keys)
        .select_related("locale")
        .order_by("locale_id")
    )
    chosen: dict = {}
    for page in candidates:
        if page.translation_key not in chosen or page.locale_id == locale.pk:
            chosen[page.translation_key] = page
    return [chosen[key] for key in dict.fromkeys(keys) if key in chosen]

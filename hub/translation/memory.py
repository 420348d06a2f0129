"""What was translated once is not translated again."""

from collections import defaultdict

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

# Offered for one text, the latest first.
SUGGESTIONS = 3


def reuse_within(source: TranslationSource) -> int:
    """Gives texts of a page that stand at a new place their translations; how many.

    A block that is moved to another field, or deleted and typed in again, has a new content path,
    to which wagtail-localize knows no translation. Within one page the same text means the same;
    from other pages a translation is only offered (see suggestions).
    """
    segments = StringSegment.objects.filter(source=source).values_list("string_id", "context_id")
    places = set(segments)
    known = list(
        StringTranslation.objects.filter(
            context__object=source.object_id, translation_of__in={string for string, _c in places}
        ).order_by("updated_at", "pk")
    )
    translated = {(row.translation_of_id, row.context_id, row.locale_id) for row in known}
    latest: dict[tuple[int, int], StringTranslation] = {
        (row.translation_of_id, row.locale_id): row for row in known if not row.has_error
    }
    missing = [
        StringTranslation(
            translation_of_id=string,
            locale_id=locale,
            context_id=context,
            data=row.data,
            translation_type=row.translation_type,
            tool_name=row.tool_name,
            last_translated_by_id=row.last_translated_by_id,
        )
        for (string, locale), row in latest.items()
        for place_string, context in places
        if place_string == string and (string, context, locale) not in translated
    ]
    for row in missing:  # saved one by one, so that titles of drafts follow
        row.save()
    return len(missing)


def suggestions(strings: set[int], locale: Locale) -> dict[int, list[str]]:
    """Translations of the same texts anywhere in the hub, by the id of the String. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for string, data in (
        StringTranslation.objects.filter(translation_of__in=strings, locale=locale, has_error=False)
        .order_by("-updated_at", "-pk")
        .values_list("translation_of_id", "data")
    ):
        if data not in found[string] and len(found[string]) < SUGGESTIONS:
            found[string].append(data)
    return dict(found)

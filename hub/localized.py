"""Which pages readers of a language are shown: those in it, and of the rest the source."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from wagtail.models import Locale, Page

from hub import languages
from hub.caching import remember


def reader_locale(page: Page) -> Locale:
    """The locale of whoever reads ``page``: that of the address, else the page's own."""
    code = languages.reader_language()
    if not code or code == languages.locale_codes().get(page.locale_id):
        return page.locale
    return remember(
        f"locale:{code}", lambda: Locale.objects.filter(language_code=code).first()
    ) or (page.locale)


def for_readers(queryset: QuerySet, locale: Locale) -> QuerySet:
    """The live pages of ``queryset`` in ``locale``, then those that exist in the source language only.

    Carries ``untranslated`` to order by first. No query of its own.
    """
    source = languages.locale_id(settings.LANGUAGE_CODE)
    queryset = queryset.live().annotate(
        untranslated=ExpressionWrapper(~Q(locale=locale), output_field=BooleanField())
    )
    if locale.pk == source:
        return queryset.filter(locale=locale)
    translated = Page.objects.live().filter(
        locale=locale, alias_of=None, translation_key=OuterRef("translation_key")
    )
    return queryset.filter(
        Q(locale=locale, alias_of=None) | (Q(locale=source) & ~Exists(translated))
    )


def children_for_readers(parent: Page, queryset: QuerySet) -> QuerySet:
    """for_readers() of the pages directly under ``parent``, in its own tree and the source's."""
    locale = reader_locale(parent)
    under = Q(pk__in=[])
    for path in twin_paths(parent, locale):
        under |= Q(path__startswith=path, depth=len(path) // parent.steplen + 1)
    return for_readers(queryset.filter(under), locale)


def twin_paths(page: Page, locale: Locale) -> list[str]:
    """The tree paths of ``page`` in ``locale`` and in the source language, as far as they exist."""

    def find():
        return list(
            Page.objects.filter(translation_key=page.translation_key)
            .filter(Q(locale=locale) | Q(locale__language_code=settings.LANGUAGE_CODE))
            .values_list("path", flat=True)
        )

    if page.locale_id == locale.pk == languages.locale_id(settings.LANGUAGE_CODE):
        return [page.path]
    return remember(f"twins:{page.translation_key}:{locale.pk}", find)


def localized_pages(keys: Iterable, locale: Locale, queryset=None) -> list[Page]:
    """Live pages with these translation keys, in the order of the keys.

    For each key the page in ``locale``; where that is missing, the live page in the source
    language, which the list then labels with its language. A key with no live page is left out.
    Costs one query, plus one per page type when the pages of ``queryset`` (by default all, as their
    specific type) are of several types.
    """
    keys = list(keys)
    if not keys:
        return []
    if queryset is None:
        queryset = Page.objects.specific()
    candidates = (
        queryset.live()
        .filter(translation_key__in=keys)
        .filter(Q(locale=locale) | Q(locale__language_code=settings.LANGUAGE_CODE))
        .select_related("locale")
    )
    chosen: dict = {}
    for page in candidates:
        if page.translation_key not in chosen or page.locale_id == locale.pk:
            chosen[page.translation_key] = page
    return [chosen[key] for key in dict.fromkeys(keys) if key in chosen]


def localized_terms(model, locale: Locale) -> list:
    """The terms of a vocabulary in ``locale``, those it lacks in the source language. One query."""
    chosen: dict = {}
    for term in model.objects.filter(
        Q(locale=locale) | Q(locale__language_code=settings.LANGUAGE_CODE)
    ).order_by("pk"):
        if term.translation_key not in chosen or term.locale_id == locale.pk:
            chosen[term.translation_key] = term
    return list(chosen.values())

"""What readers miss: how often they were shown a page, or took a file, in another language.

Each costs one row a day and says nothing about anybody. Machines that say what they are are not
counted: they read everything.
"""

import logging
import re
from collections import defaultdict
from datetime import timedelta

from django.db import DatabaseError, models, transaction
from django.utils import timezone
from wagtail.models import Page

from hub import languages
from hub.models import ReaderDemand

logger = logging.getLogger(__name__)

_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|headless", re.I)
WINDOW = timedelta(days=30)


def count(request, response, page: Page):
    """Counts that a reader of the request's language was shown ``page`` in the source language."""
    if (
        request.method == "GET"
        and response.status_code == 200
        and not hasattr(response, "filename")
    ):
        add(request, page, ReaderDemand.Kind.VIEW)


def count_download(request, page: Page, language: str):
    """Counts that a reader took a file in ``language`` on an address of another."""
    reader = languages.reader_language()
    if request.method == "GET" and reader and language != reader:
        add(request, page, ReaderDemand.Kind.DOWNLOAD)


def add(request, page: Page, kind: str):
    """One more for today. A count that cannot be kept is no reason to turn a reader away."""
    locale = languages.locale_id(languages.reader_language() or request.LANGUAGE_CODE)
    if locale is None or _MACHINE.search(request.headers.get("User-Agent", "")):
        return
    source_pk = (
        Page.objects.filter(translation_key=page.translation_key)
        .order_by("locale_id", "pk")
        .values_list("pk", flat=True)
        .first()
        if page.locale_id == locale
        else page.pk
    )
    day = {"page_id": source_pk, "locale_id": locale, "day": timezone.localdate(), "kind": kind}
    try:
        with transaction.atomic():
            if not ReaderDemand.objects.filter(**day).update(count=models.F("count") + 1):
                ReaderDemand.objects.bulk_create(
                    [ReaderDemand(**day, count=1)], ignore_conflicts=True
                )
    except DatabaseError:
        logger.warning("A fallback view could not be counted.", exc_info=True)


def per_day(locale_ids) -> dict[tuple, float]:
    """Fallback views and downloads a day over the last 30 days.

    By (translation key of the page, primary key of the locale). One query.
    """
    since = timezone.localdate() - WINDOW
    found: dict[tuple, float] = defaultdict(float)
    for key, locale, total in (
        ReaderDemand.objects.filter(locale__in=locale_ids, day__gt=since)
        .values_list("page__translation_key", "locale_id")
        .annotate(total=models.Sum("count"))
        .order_by()
    ):
        found[key, locale] += total / WINDOW.days
    return dict(found)

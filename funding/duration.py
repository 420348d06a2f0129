"""How long the fund has taken to decide: what it says of itself before anybody asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils import timezone

from funding.models.desk import Decision
from funding.models.requests import RequestStatus

PERIOD = timedelta(days=365)
# With fewer, the median would say more about one request than about the fund.
ENOUGH = 5


@dataclass(frozen=True)
class Duration:
    """The median ``days`` from sending to decision; None until there were ENOUGH ``decisions``."""

    days: int | None
    decisions: int


def median_days(spans: Collection[timedelta]) -> int | None:
    """The median of the times that decisions took, in days; None of fewer than ENOUGH."""
    if len(spans) < ENOUGH:
        return None
    # A decision within the hour took a day, as readers count.
    return max(1, round(median(spans) / timedelta(days=1)))


def of_fund(fund_key) -> Duration:
    """What a fund took in the last 12 months, in all languages. One query.

    Requests that were withdrawn do not count, before a decision or after.
    """
    decided = Decision.objects.filter(
        request__fund_key=fund_key, decided_at__gt=timezone.now() - PERIOD
    ).exclude(request__status=RequestStatus.WITHDRAWN)
    spans = [
        decided_at - sent_at
        for decided_at, sent_at in decided.order_by().values_list("decided_at", "request__sent_at")
        if sent_at
    ]
    return Duration(median_days(spans), len(spans))

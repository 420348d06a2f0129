"""How long the fund has taken to decide: what it says of itself before anybody asks."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils import timezone

from funding.models.desk import Decision

PERIOD = timedelta(days=365)
# With fewer, the median would say more about one request than about the fund.
ENOUGH = 5


@dataclass(frozen=True)
class Duration:
    """The median ``days`` from sending to decision; None until there were ENOUGH ``decisions``."""

    days: int | None
    decisions: int


def of_fund(fund_key) -> Duration:
    """What a fund took in the last 12 months, in all languages. One query.

    Requests that were withdrawn were not decided, and do not count.
    """
    decided = Decision.objects.filter(
        request__fund_key=fund_key, decided_at__gt=timezone.now() - PERIOD
    )
    spans = [
        (decided_at - sent_at).total_seconds() / 86_400
        for decided_at, sent_at in decided.order_by().values_list("decided_at", "request__sent_at")
        if sent_at
    ]
    if len(spans) < ENOUGH:
        return Duration(None, len(spans))
    # A decision within the hour took a day, as readers count.
    return Duration(max(1, round(median(spans))), len(spans))

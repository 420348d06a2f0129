"""What anybody may see of what became of a fund's requests: its awards, and figures without faces."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import cached_property

from funding import duration
from funding.models.requests import GRANTED, GrantRequest, RequestStatus
from hub.countries import country_name
from hub.forms.amounts import amount_in_words

# Of a confidential request, not even the country is told. Source: CLDR's code for no known region.
NOT_TOLD = "ZZ"

AWARD_COLUMNS = (
    "decided_on",
    "amount",
    "currency",
    "country",
    "country_name",
    "purpose",
    "purpose_language",
    "grantee",
)
FIGURE_COLUMNS = ("figure", "year", "country", "currency", "value")
# What a row can be of besides a sum of money; the names are those of Figures.
FIGURES = ("received", "decided", "awarded", "declined", "referred", "withdrawn", "median_days")


class Row(NamedTuple):
    """What is read of a request: nothing that somebody wrote in it but what is public."""

    status: str
    sent_at: datetime
    country: str
    is_confidential: bool
    may_be_named: bool | None
    public_name: str
    purposes: dict[str, str] | None
    amount: Decimal | None
    currency: str | None
    decided_at: datetime | None

    @property
    def is_granted(self) -> bool:
        return self.status in GRANTED

    @property
    def is_listed(self) -> bool:
        return self.is_granted and not self.is_confidential

    @property
    def span(self) -> timedelta | None:
        """How long it took to decide; None while nobody has, and when it was withdrawn."""
        if self.decided_at is None or self.status == RequestStatus.WITHDRAWN:
            return None
        return self.decided_at - self.sent_at


@dataclass(frozen=True)
class Award:
    """A grant as far as it is public. ``name`` is "" unless the grantee has agreed to be named.

    ``purposes`` by language code.
    """

    purposes: dict[str, str]
    amount: Decimal
    currency: str
    country: str
    decided_at: datetime
    name: str

    # In the language they are asked for in.

    @property
    def purpose(self) -> str:
        return self.purposes.get(self.purpose_language, "")

    @property
    def purpose_language(self) -> str:
        """The code of the language ``purpose`` is told in: the source's where it is told in no other."""
        here = translation.get_language()
        return here if here in self.purposes else settings.LANGUAGE_CODE

    @property
    def sum(self) -> str:
        return amount_in_words(self.amount, self.currency)

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""

    @property
    def decided_on(self) -> date:
        return timezone.localdate(self.decided_at)


@dataclass(frozen=True)
class Figures:
    """What became of some requests. Those that nobody has decided yet are ``received`` and no more.

    Confidential ones are counted, but their amounts are not in the sums: what is left of a sum when
    those are taken away that are listed would be one group's.
    """

    received: int
    awarded: int
    listed: int  # of those awarded
    declined: int
    referred: int
    withdrawn: int
    amounts: dict[str, Decimal]  # of those listed, by currency
    median_days: int | None

    @property
    def decided(self) -> int:
        """Without grants that were handed back: those are withdrawn."""
        return self.awarded + self.declined + self.referred

    @property
    def sums(self) -> list[str]:
        """What was given in the awards that are listed, by currency, in the language of now."""
        return [amount_in_words(amount, currency) for currency, amount in self.amounts.items()]


def figures_of(rows: Iterable[Row]) -> Figures:
    rows = list(rows)
    granted = [row for row in rows if row.is_granted]
    listed = [row for row in granted if row.is_listed]
    statuses = [row.status for row in rows]
    amounts = defaultdict(Decimal)
    for row in listed:
        amounts[row.currency] += row.amount
    return Figures(
        received=len(rows),
        awarded=len(granted),
        listed=len(listed),
        declined=statuses.count(RequestStatus.DECLINED),
        referred=statuses.count(RequestStatus.REFERRED),
        withdrawn=statuses.count(RequestStatus.WITHDRAWN),
        amounts=dict(sorted(amounts.items())),
        median_days=duration.median_days([row.span for row in rows if row.span is not None]),
    )


@dataclass(frozen=True)
class CountryFigures:
    """What was awarded in a country: ``code`` is that of ISO 3166-1, or NOT_TOLD."""

    code: str
    figures: Figures

    @property
    def name(self) -> str:
        return "" if self.code == NOT_TOLD else country_name(self.code)


class Openness:
    """The awards and figures of a fund in all languages, made from ``rows``."""

    def __init__(self, rows: list[Row]):
        self.rows = rows

    @cached_property
    def awards(self) -> list[Award]:
        """Newest first. Those of confidential requests are counted, and no more."""
        return [
            Award(
                row.purposes,
                row.amount,
                row.currency,
                row.country,
                row.decided_at,
                row.public_name if row.may_be_named else "",
            )
            for row in sorted(self.rows, key=_decided, reverse=True)
            if row.is_listed
        ]

    @property
    def unlisted(self) -> int:
        """How many awards there are besides."""
        return self.figures.awarded - self.figures.listed

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.rows)

    @cached_property
    def by_year(self) -> dict[int, Figures]:
        """By the year in which requests were sent, the latest first."""
        groups = defaultdict(list)
        for row in self.rows:
            groups[timezone.localtime(row.sent_at).year].append(row)
        return {year: figures_of(groups[year]) for year in sorted(groups, reverse=True)}

    @cached_property
    def by_country(self) -> list[CountryFigures]:
        """Where awards went, most of them first; last, those of which that is not told."""
        groups = defaultdict(list)
        for row in self.rows:
            if row.is_granted:
                code = NOT_TOLD if row.is_confidential else row.country
                groups[code or NOT_TOLD].append(row)
        countries = [CountryFigures(code, figures_of(rows)) for code, rows in groups.items()]
        return sorted(
            countries,
            key=lambda country: (
                country.code == NOT_TOLD,
                -country.figures.awarded,
                country.code,
            ),
        )

    def award_rows(self) -> Iterator[tuple]:
        """The awards as they stand in the file, under AWARD_COLUMNS."""
        for award in self.awards:
            yield (
                award.decided_on.isoformat(),
                award.amount,
                award.currency,
                award.country,
                award.country_name,
                award.purpose,
                award.purpose_language if award.purpose else "",
                award.name,
            )

    def figure_rows(self) -> Iterator[tuple]:
        """The figures as they stand in the file, one a row, under FIGURE_COLUMNS.

        What a row says nothing of is "": with a year, requests are counted that were sent in it.
        """
        for year, figures in self.by_year.items():
            yield from _rows_of(figures, year=year)
        yield from _rows_of(self.figures)
        for country in self.by_country:
            yield "awarded", "", country.code, "", country.figures.awarded
            yield from _amount_rows(country.figures, country=country.code)


def _decided(row: Row) -> datetime:
    return row.decided_at or row.sent_at


def _rows_of(figures: Figures, year: int | str = "") -> Iterator[tuple]:
    for name in FIGURES:
        value = getattr(figures, name)
        if value is not None:
            yield name, year, "", "", value
    yield from _amount_rows(figures, year=year)


def _amount_rows(figures: Figures, year: int | str = "", country: str = "") -> Iterator[tuple]:
    for currency, amount in figures.amounts.items():
        yield "amount_awarded", year, country, currency, amount


def of_fund(fund_key) -> Openness:
    """What is public of a fund. One query."""
    rows = GrantRequest.objects.filter(fund_key=fund_key).sent().order_by("pk")
    return Openness(
        [
            Row(*values)
            for values in rows.values_list(
                "status",
                "sent_at",
                "country",
                "is_confidential",
                "may_be_named",
                "public_name",
                "decision__purposes",
                "decision__amount",
                "decision__currency",
                "decision__decided_at",
            )
        ]
    )

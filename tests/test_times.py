"""Instants on the clocks of named places: the calculation, and what a reader without scripts sees."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils.translation import override
from wagtail.models import Locale

from hub.fields import ZoneField, validate_zone, zone_choices
from hub.models import DisplayZone, SiteSettings
from hub.templatetags.hub_tags import zone_times
from hub.times import (
    NonexistentTime,
    city_name,
    in_zones,
    instant_of,
    wall_clock,
    wall_clock_iso,
)
from tests.factories import SessionPageFactory
from training.models import SessionPage

# The launch call. That week New York was already on summer time: four hours, not five.
CALL = datetime(2022, 3, 22, 14, 30, tzinfo=UTC)
CALL_END = datetime(2022, 3, 22, 16, 0, tzinfo=UTC)
NEW_YORK, NAIROBI, KATHMANDU = "America/New_York", "Africa/Nairobi", "Asia/Kathmandu"
HONOLULU, AUCKLAND = "Pacific/Honolulu", "Pacific/Auckland"


def test_in_zones_gives_each_clock_earliest_first():
    rows = in_zones(CALL, ["UTC", KATHMANDU, NAIROBI], NEW_YORK, "en")
    assert [(row.city, row.time, row.other_day) for row in rows] == [
        ("New York", datetime(2022, 3, 22, 10, 30), False),
        ("UTC", datetime(2022, 3, 22, 14, 30), False),
        ("Nairobi", datetime(2022, 3, 22, 17, 30), False),
        ("Kathmandu", datetime(2022, 3, 22, 20, 15), False),
    ]


def test_in_zones_marks_the_day_before_and_the_day_after():
    rows = in_zones(datetime(2022, 3, 22, 4, 0, tzinfo=UTC), [HONOLULU, AUCKLAND], "UTC", "en")
    assert [(row.city, row.time, row.other_day) for row in rows] == [
        ("Honolulu", datetime(2022, 3, 21, 18, 0), True),
        ("UTC", datetime(2022, 3, 22, 4, 0), False),
        ("Auckland", datetime(2022, 3, 22, 17, 0), False),
    ]
    later = in_zones(datetime(2022, 3, 22, 12, 0, tzinfo=UTC), [AUCKLAND], "UTC", "en")
    assert [(row.time.day, row.other_day) for row in later] == [(22, False), (23, True)]


def test_in_zones_measures_other_days_from_the_sessions_own_zone():
    """Midnight in Auckland: everybody else is on the day before, the session's own zone is not."""
    rows = in_zones(datetime(2022, 3, 22, 11, 0, tzinfo=UTC), ["UTC", NAIROBI], AUCKLAND, "en")
    assert [(row.city, row.other_day) for row in rows] == [
        ("UTC", True),
        ("Nairobi", True),
        ("Auckland", False),
    ]


def test_in_zones_shows_a_zone_once_and_the_own_one_always():
    rows = in_zones(CALL, [NAIROBI, NEW_YORK, NAIROBI], NEW_YORK, "en")
    assert [row.zone for row in rows] == [NEW_YORK, NAIROBI]


def test_in_zones_shows_cities_that_agree_side_by_side():
    rows = in_zones(CALL, ["Africa/Kampala", NAIROBI], "UTC", "en")
    assert [row.city for row in rows] == ["UTC", "Kampala", "Nairobi"]


@pytest.mark.parametrize(
    ("month", "utc_hour"), [(1, 15), (3, 14), (7, 14), (12, 15)], ids=["Jan", "Mar", "Jul", "Dec"]
)
def test_instant_of_a_clock_time_follows_summer_time(month, utc_hour):
    instant = instant_of(datetime(2022, month, 22, 10, 30), NEW_YORK)
    assert instant == datetime(2022, month, 22, utc_hour, 30, tzinfo=UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize("zone", [NEW_YORK, NAIROBI, KATHMANDU, "UTC", HONOLULU, AUCKLAND])
def test_wall_clock_and_instant_of_undo_each_other(zone):
    assert instant_of(wall_clock(CALL, zone), zone) == CALL
    assert wall_clock(CALL, zone).tzinfo is None


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_instant_of_a_skipped_time_is_refused(minute):
    """On 13 March 2022 clocks in New York went from 1:59 to 3:00."""
    with pytest.raises(NonexistentTime):
        instant_of(datetime(2022, 3, 13, 2, minute), NEW_YORK)


def test_instant_of_the_times_around_a_skipped_hour_is_an_hour_apart_less():
    before = instant_of(datetime(2022, 3, 13, 1, 59), NEW_YORK)
    after = instant_of(datetime(2022, 3, 13, 3, 0), NEW_YORK)
    assert (after - before).total_seconds() == 60


def test_instant_of_a_repeated_time_is_the_first_of_the_two():
    """On 6 November 2022 clocks in New York showed 1:30 at 5:30 and again at 6:30 UTC."""
    instant = instant_of(datetime(2022, 11, 6, 1, 30), NEW_YORK)
    assert instant == datetime(2022, 11, 6, 5, 30, tzinfo=UTC)


def test_wall_clock_iso_has_the_offset_of_the_zone():
    assert wall_clock_iso(CALL, NEW_YORK) == "2022-03-22T10:30:00-04:00"
    assert wall_clock_iso(CALL, KATHMANDU) == "2022-03-22T20:15:00+05:45"


@pytest.mark.parametrize(
    ("language", "names"),
    {
        "en": ["New York", "Nairobi", "Kathmandu", "UTC"],
        "es": ["Nueva York", "Nairobi", "Katmandú", "UTC"],
        "fr": ["New York", "Nairobi", "Katmandou", "UTC"],
        "ar": ["نيويورك", "نيروبي", "كاتماندو", "UTC"],
        "es-bo": ["Nueva York", "Nairobi", "Katmandú", "UTC"],
        "pt-br": ["Nova York", "Nairóbi", "Katmandu", "UTC"],
        "zh-hans": ["纽约", "内罗毕", "加德满都", "UTC"],
        "xx": ["New York", "Nairobi", "Kathmandu", "UTC"],
    }.items(),
)
def test_city_names_are_those_of_the_language(language, names):
    zones = [NEW_YORK, NAIROBI, KATHMANDU, "UTC"]
    assert [city_name(zone, language) for zone in zones] == names


def test_city_names_are_found_under_the_old_name_of_a_zone():
    """CLDR knows Kathmandu as Asia/Katmandu and Kyiv as Europe/Kiev."""
    assert city_name("Europe/Kyiv", "es") == city_name("Europe/Kiev", "es") == "Kiev"
    assert city_name("Asia/Kolkata", "fr") == "Calcutta"
    assert city_name("America/Argentina/Buenos_Aires", "en") == "Buenos Aires"


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_city_names_exist_for_every_zone_on_offer(language):
    assert all(city_name(zone, language) for zone, _label in zone_choices())


def test_zone_times_are_in_the_language_of_the_request():
    with override("es"):
        assert [row.city for row in zone_times(CALL, NEW_YORK, [KATHMANDU])] == [
            "Nueva York",
            "Katmandú",
        ]


# Zones of editors


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "UTC", "America/Argentina/Buenos_Aires"])
def test_zone_of_the_database_is_accepted(zone):
    assert ZoneField().clean(zone, None) == zone


@pytest.mark.parametrize(
    "zone", ["Nairobi", "africa/nairobi", "+03:00", "EST5EDT4", "../etc/passwd"]
)
def test_zone_unknown_is_refused_with_a_sentence(zone):
    with pytest.raises(ValidationError) as refusal:
        validate_zone(zone)
    assert refusal.value.messages == [
        f"“{zone}” is not a known time zone. Choose a city from the list."
    ]


def test_zone_left_empty_is_refused():
    with pytest.raises(ValidationError):
        ZoneField().clean("", None)


def test_zone_choices_start_with_utc_and_the_city():
    choices = zone_choices()
    assert choices[0] == ("UTC", "UTC")
    assert ("America/New_York", "New York (America/New_York)") in choices
    assert (
        "America/Argentina/Buenos_Aires",
        "Buenos Aires (America/Argentina/Buenos_Aires)",
    ) in choices
    labels = [label for _zone, label in choices[1:]]
    assert labels == sorted(labels)
    assert {zone.partition("/")[0] for zone, _label in choices}.isdisjoint({"Etc", "US"})


def test_zone_choices_are_all_valid():
    for zone, _label in zone_choices():
        validate_zone(zone)


def test_zone_field_leaves_choices_and_validators_out_of_migrations():
    _name, path, args, kwargs = ZoneField("zone").deconstruct()
    assert (path, args) == ("hub.fields.ZoneField", [])
    assert kwargs == {"max_length": 64, "verbose_name": "zone"}


# What a reader sees


def facts_of(html: bytes) -> dict[str, str]:
    """The facts beside a session, those hidden until a script fills them left out."""
    facts = BeautifulSoup(html, "html.parser").find(class_="facts")
    return {
        row.find("dt").get_text(strip=True): " ".join(row.find("dd").get_text(" ").split())
        for row in facts.find_all("div")
        if not row.has_attr("hidden")
    }


def add_call(site, **fields):
    return SessionPageFactory(
        parent=site.training,
        slug="call",
        **{"starts_at": CALL, "ends_at": CALL_END, "zone": NEW_YORK, **fields},
    )


def test_session_page_shows_the_clocks_without_scripts(site, client):
    html = client.get(add_call(site).url).content
    facts = facts_of(html)
    assert {city: facts[city] for city in ("New York", "UTC", "Nairobi", "Kathmandu")} == {
        "New York": "Tue 10:30",
        "UTC": "Tue 14:30",
        "Nairobi": "Tue 17:30",
        "Kathmandu": "Tue 20:15",
    }
    assert facts["Length"] == "90 minutes"
    date = BeautifulSoup(html, "html.parser").find(class_="facts__date")
    assert date.get_text(strip=True) == "Tuesday 22 March 2022"
    assert date.find("time")["datetime"] == "2022-03-22T14:30:00+00:00"


def test_session_page_leaves_room_for_the_readers_own_time(site, client):
    page = BeautifulSoup(client.get(add_call(site).url).content, "html.parser")
    box = page.find(attrs={"data-local-time-box": True})
    assert box.has_attr("hidden")
    assert (
        box.find(attrs={"data-local-time": True})["data-local-time"] == "2022-03-22T14:30:00+00:00"
    )


def test_session_page_gives_the_date_where_the_day_differs(site, client):
    settings = SiteSettings.objects.get()
    settings.display_zones.add(DisplayZone(zone=AUCKLAND, sort_order=9))
    settings.save()
    facts = facts_of(client.get(add_call(site).url).content)
    assert facts["Auckland"] == "Wed 03:30, 23 March"
    assert facts["Kathmandu"] == "Tue 20:15"


def test_session_page_dates_the_session_in_its_own_zone(site, client):
    """Half past ten in the evening in New York is the next day in UTC."""
    late = datetime(2022, 3, 23, 2, 30, tzinfo=UTC)
    html = client.get(add_call(site, starts_at=late, ends_at=CALL_END.replace(day=23)).url).content
    page = BeautifulSoup(html, "html.parser")
    assert page.find(class_="facts__date").get_text(strip=True) == "Tuesday 22 March 2022"
    facts = facts_of(html)
    assert facts["New York"] == "Tue 22:30"
    assert facts["UTC"] == "Wed 02:30, 23 March"


@pytest.mark.parametrize(
    ("language", "cities"),
    [
        ("es", ["Nueva York", "UTC", "Nairobi", "Katmandú"]),
        ("fr", ["New York", "UTC", "Nairobi", "Katmandou"]),
        ("ar", ["نيويورك", "UTC", "نيروبي", "كاتماندو"]),
    ],
)
def test_session_page_names_cities_in_its_language(site, client, language, cities):
    locale = Locale.objects.create(language_code=language)
    add_call(site)
    for page in (site.home, site.training, SessionPage.objects.get()):
        page.copy_for_translation(locale).save_revision().publish()
    facts = facts_of(client.get(f"/{language}/training/call/").content)
    assert list(facts)[:4] == cities
    times = [facts[city].split(maxsplit=1)[1] for city in cities]
    assert times == ["10:30", "14:30", "17:30", "20:15"]


def upcoming(site, hour: int, year: int = 2199):
    starts = datetime(year, 3, 22, hour, 30, tzinfo=UTC)
    return add_call(site, starts_at=starts, ends_at=starts.replace(hour=hour + 1))


def rows_of(client, address) -> list:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return page.select("main .row-list > li")


def test_session_row_shows_the_clocks_without_scripts(site, client):
    upcoming(site, 14)
    (row,) = rows_of(client, site.training.url)
    clocks = [
        " ".join(span.get_text().split())
        for span in row.find(class_="details-line").find_all("span")
    ]
    assert clocks == ["10:30 New York", "14:30 UTC", "17:30 Nairobi", "20:15 Kathmandu"]
    tile = row.find(class_="date-tile")
    assert tile.get_text(" ", strip=True) == "22 Mar 2199"
    assert tile["datetime"] == "2199-03-22T14:30:00+00:00"


def test_session_row_marks_another_day_and_keeps_its_own_date(site, client):
    """22:30 on Thursday in New York is Friday everywhere else on the list."""
    upcoming(site, 2)
    (row,) = rows_of(client, site.training.url)
    clocks = [
        " ".join(span.get_text().split())
        for span in row.find(class_="details-line").find_all("span")
    ]
    assert clocks == [
        "22:30 New York",
        "02:30 UTC (Fri)",
        "05:30 Nairobi (Fri)",
        "08:15 Kathmandu (Fri)",
    ]
    assert row.find(class_="date-tile").find("b").get_text() == "21"


def test_session_row_of_the_past_shows_no_clocks(site, client):
    add_call(site)
    (row,) = rows_of(client, site.training.url)
    assert row.find(class_="details-line") is None
    assert row.find(class_="date-tile").get_text(" ", strip=True) == "22 Mar 2022"

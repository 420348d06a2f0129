"""The funding officer's queue: its order, what can be found in it, and as a spreadsheet."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from funding.models import Conflict, GrantRequest, Review
from tests.asking import make_confidential, make_many, make_request, officer, open_fund, reviewer
from tests.translating import locale_of

QUEUE = "/admin/grant_requests/"


@pytest.fixture
def fund(site):
    return open_fund(site)


@pytest.fixture
def olu(client):
    user = officer()
    client.force_login(user)
    return user


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def soup_of(client, address: str = QUEUE, **query) -> BeautifulSoup:
    response = client.get(address, query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def listed(client, **query) -> list[str]:
    """The references in the list, in order."""
    return [strong.text for strong in soup_of(client, **query).select("td.title strong")]


def cells(client, **query) -> list[list[str]]:
    rows = soup_of(client, **query).select("table.queue tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in rows]


# Order and columns


def test_queue_is_in_the_order_in_which_windows_close(fund, olu, client):
    later = make_request(fund.form, window_closes=in_days(30))
    now = timezone.now()
    young = make_request(fund.form, window_closes=in_days(3), sent_at=now)
    old = make_request(fund.form, window_closes=in_days(3), sent_at=now - timedelta(days=2))
    open_ended = make_request(fund.form, window_closes=None)
    expected = [old.reference, young.reference, later.reference, open_ended.reference]
    assert listed(client) == expected
    assert listed(client, ordering="-window") == expected[::-1]


def test_queue_can_be_in_the_order_of_target_dates(fund, olu, client):
    second = make_request(fund.form, target_on=in_days(9), window_closes=in_days(1))
    first = make_request(fund.form, target_on=in_days(2))
    assert listed(client, ordering="target") == [first.reference, second.reference]


def test_row_says_what_there_is_to_know(fund, olu, client):
    request = make_request(fund.form, assignee=olu)
    Review.objects.create(request=request, reviewer=reviewer(), given_at=timezone.now())
    [row] = cells(client)
    day = in_days(40)
    assert row[0].startswith(f"{request.reference} The ministry publishes every emergency contract")
    assert row[1] == f"40 days left {day.day} {day:%b %Y}"
    assert row[3:6] == ["USD 3,800", "Kenya", "English"]
    assert row[6:] == ["Sent", "olu", "1 of 2"]


@pytest.mark.parametrize(
    ("days", "words", "is_marked"),
    [
        (8, "8 days left", False),
        (7, "7 days left", True),
        (1, "1 day left", True),
        (0, "Closes today", True),
        (-1, "Closed", True),
    ],
)
def test_window_that_closes_soon_is_marked(fund, olu, client, days, words, is_marked):
    make_request(fund.form, window_closes=in_days(days))
    mark = soup_of(client).select_one("table.queue tbody tr td:nth-child(2) span")
    assert (mark.text, "hub-overdue" in mark["class"]) == (words, is_marked)


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (-1, True)])
def test_late_request_is_marked(fund, olu, client, days, is_late):
    make_request(fund.form, target_on=in_days(days))
    assert cells(client)[0][2].endswith("late") == is_late
    assert len(listed(client, late="yes")) == is_late


def test_queue_holds_what_is_to_be_decided(fund, olu, client):
    waiting = [
        make_request(fund.form, status=status).reference
        for status in ("sent", "reading", "question")
    ]
    for status in ("draft", "awarded", "declined", "referred", "paid", "reported", "withdrawn"):
        make_request(fund.form, status=status)
    assert sorted(listed(client)) == sorted(waiting)
    # A status that there is not changes nothing.
    assert sorted(listed(client, status="open")) == sorted(waiting)
    assert len(listed(client, status="any")) == 9


def test_empty_queue_says_so(fund, olu, client):
    assert "No request waits for a decision." in soup_of(client).text
    assert "No request fits." in soup_of(client, late="yes").text


# Filters and search


def test_filters_find_what_they_say(fund, olu, client):
    mine = make_request(fund.form, assignee=olu, country="MX")
    late = make_request(fund.form, target_on=in_days(-1), assignee=officer("sefu"))
    secret = make_confidential(fund.form, assignee=olu)
    spanish = make_request(fund.form, locale=locale_of("es"))
    declined = make_request(fund.form, status="declined", assignee=olu)
    assert listed(client, status="declined") == [declined.reference]
    assert set(listed(client, assignee="me")) == {mine.reference, secret.reference}
    assert listed(client, assignee="nobody") == [spanish.reference]
    assert listed(client, country="MX") == [mine.reference]
    assert listed(client, late="yes") == [late.reference]
    assert listed(client, confidential="yes") == [secret.reference]
    assert listed(client, locale=spanish.locale_id) == [spanish.reference]


def test_search_finds_words_and_references(fund, olu, client):
    found = make_request(fund.form)
    other = make_request(fund.form)
    other.form_data |= {"hub-organisation": "Río Claro", "hub-goal": "Open the registry"}
    other.save()
    client.post(QUEUE, {"words": "rio registry"})
    assert listed(client) == [other.reference]
    client.post(QUEUE, {"words": found.reference.lower()})
    assert listed(client) == [found.reference]
    client.post(QUEUE, {"clear": "1"})
    assert len(listed(client)) == 2


# What is hidden


def test_confidential_request_is_a_bare_row_until_somebody_takes_it(fund, olu, client):
    secret = make_confidential(fund.form)
    [row] = cells(client)
    assert row[0].startswith(f"{secret.reference} Confidential: whoever takes it can read it")
    assert row[3:] == ["", "", "English", "", "", ""]
    html = soup_of(client).decode()
    assert "ministry" not in html
    assert "Kenya" not in html
    assert "3,800" not in html
    client.post(f"{QUEUE}{secret.pk}/take/")
    assert "The ministry publishes" in cells(client)[0][0]


def test_bare_row_is_not_found_by_what_is_in_it(fund, olu, client):
    secret = make_confidential(fund.form)
    client.post(QUEUE, {"words": "ministry"})
    assert listed(client) == []
    client.post(QUEUE, {"words": "amina@example.org"})
    assert listed(client) == []
    client.post(QUEUE, {"words": secret.reference})
    assert listed(client) == [secret.reference]
    client.post(QUEUE, {"clear": "1"})
    other = make_request(fund.form)
    assert listed(client, country="KE") == [other.reference]


def test_what_others_have_taken_confidentially_is_not_listed(fund, olu, client):
    make_confidential(fund.form, assignee=officer("sefu"))
    assert listed(client) == []


def test_administrator_sees_who_has_a_confidential_request_and_can_pass_it_on(fund, admin_client):
    secret = make_confidential(fund.form, assignee=officer("sefu"))
    [row] = cells(admin_client)
    assert row[0] == f"{secret.reference} Confidential: only those assigned can read it"
    assert row[7].startswith("sefu Give it to somebody else")


def test_conflicted_officer_does_not_see_the_row(fund, olu, client):
    Conflict.objects.create(request=make_request(fund.form), user=olu)
    assert listed(client) == []


def test_reviewer_sees_what_they_are_asked_about(fund, client):
    rana = reviewer()
    client.force_login(rana)
    asked = make_confidential(fund.form)
    make_request(fund.form)
    assert listed(client) == []
    Review.objects.create(request=asked, reviewer=rana)
    assert listed(client) == [asked.reference]
    assert "export=" not in soup_of(client).decode()


# Speed


@pytest.fixture
def two_thousand(fund):
    make_many(make_request(fund.form), 1999)
    assert GrantRequest.objects.count() == 2000


def test_queue_of_two_thousand_opens_in_few_queries(
    two_thousand, olu, client, django_assert_num_queries
):
    soup_of(client)
    with django_assert_num_queries(13):
        rows = soup_of(client).select("table.queue tbody tr")
    assert len(rows) == 50


def test_queries_do_not_grow_with_the_queue(fund, olu, client, django_assert_num_queries):
    for count in (1, 3):
        while GrantRequest.objects.count() < count:
            request = make_request(fund.form, assignee=olu)
            Review.objects.create(request=request, reviewer=olu)
        soup_of(client)
        with django_assert_num_queries(13):
            soup_of(client)


# As a spreadsheet


def rows_of(client, **query) -> list[dict]:
    response = client.get(QUEUE, {"export": "csv"} | query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response).decode())))


def test_export_holds_what_one_may_read_and_is_logged(fund, olu, client):
    request = make_request(fund.form, assignee=olu)
    make_confidential(fund.form)
    make_confidential(fund.form, assignee=officer("sefu"))
    own = make_confidential(fund.form, assignee=olu, window_closes=in_days(50))
    rows = rows_of(client)
    assert [row["Reference"] for row in rows] == [request.reference, own.reference]
    assert rows[0] | {"Sent (UTC)": "", "Since (UTC)": ""} == {
        "Reference": request.reference,
        "Goal": "The ministry publishes every emergency contract within ten days.",
        "Organisation": "Harbour Budget Watch",
        "Country": "Kenya",
        "Language": "English",
        "Amount": "3800.00",
        "Currency": "USD",
        "Sent (UTC)": "",
        "Window closes": in_days(40).isoformat(),
        "To be decided by": in_days(14).isoformat(),
        "Status": "Sent",
        "Since (UTC)": "",
        "Assigned to": "olu",
        "Reviews given": "0",
        "Confidential": "No",
    }
    entry = ModelLogEntry.objects.get(action="funding.exported")
    assert (entry.user, entry.data) == (olu, {"count": 2, "format": "CSV"})
    assert entry.message == "Exported as CSV (grant requests: 2)"


def test_export_keeps_to_the_filter_and_runs_no_formulas(fund, olu, client):
    make_request(fund.form)
    request = make_request(fund.form, status="declined")
    request.form_data["hub-goal"] = "=HYPERLINK(A1)"
    request.save()
    response = client.get(f"{QUEUE}results/", {"export": "xlsx", "status": "declined"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    [_headings, row] = sheet.iter_rows(values_only=True)
    assert row[:2] == (request.reference, "'=HYPERLINK(A1)")


def test_reviewer_takes_no_spreadsheet(fund, client):
    rana = reviewer()
    Review.objects.create(request=make_request(fund.form), reviewer=rana)
    client.force_login(rana)
    response = client.get(QUEUE, {"export": "csv"})
    assert (response.status_code, response.headers.get("Location")) == (302, "/admin/")
    assert not ModelLogEntry.objects.filter(action="funding.exported").exists()


# The front page


def front(client) -> BeautifulSoup:
    return soup_of(client, "/admin/")


def test_front_page_says_what_waits(fund, olu, client):
    make_request(fund.form)
    make_request(fund.form, target_on=in_days(-1), assignee=olu)
    make_request(fund.form, window_closes=in_days(7), assignee=olu)
    make_request(fund.form, window_closes=in_days(-1), assignee=olu, status="reading")
    make_confidential(fund.form, window_closes=in_days(60))
    links = {link.text.strip(): link["href"] for link in front(client).select(".hub-todo a")}
    index = reverse("grant_requests:index")
    assert links["2 grant requests are assigned to nobody"] == f"{index}?assignee=nobody"
    assert links["1 grant request should have been decided by now"] == f"{index}?late=yes"
    assert links["The window of 1 grant request closes within a week"] == index
    assert len(listed(client, assignee="nobody")) == 2


def test_front_page_shows_the_next_requests_one_may_read(fund, olu, client):
    make_confidential(fund.form, window_closes=in_days(1))
    requests = [
        make_request(fund.form, window_closes=in_days(days)).reference for days in range(9, 2, -1)
    ]
    panel = front(client).select("#next-requests-section strong, #next-requests strong")
    assert [strong.text for strong in panel][:6] == requests[::-1][:6]


def test_front_page_tells_a_reviewer_what_they_are_asked(fund, client):
    rana = reviewer()
    request = make_request(fund.form)
    review = Review.objects.create(request=request, reviewer=rana)
    client.force_login(rana)
    assert "1 grant request waits for your review" in front(client).text
    review.given_at = timezone.now()
    review.save()
    assert "waits for your review" not in front(client).text


def test_front_page_says_nothing_to_others(fund, client):
    make_request(fund.form)
    user = officer()
    user.user_permissions.remove(user.user_permissions.get(codename="change_grantrequest"))
    client.force_login(user)
    text = front(client).text
    assert "grant request" not in text

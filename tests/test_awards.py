"""What a fund tells everybody of its grants: a list, figures, and both as files."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import PageViewRestriction

from funding.models import GrantRequest
from funding.models import awards as awards_module
from hub.models import ReaderDemand
from tests.asking import make_decided, make_request, open_fund
from tests.translating import locale_of, translate

SPRING = datetime(2022, 3, 22, 14, 30, tzinfo=UTC)


@pytest.fixture
def fund(site):
    return open_fund(site)


def decided(fund, name: str, kind: str = "awarded", day: datetime = SPRING, **fields):
    return make_decided(fields.pop("page", fund.form), name, kind, day, **fields)


def soup_of(client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def listed(client, page) -> list[str]:
    return [words(row) for row in soup_of(client, page.url).select("#list > li")]


def file_of(client, page, name: str) -> list[dict]:
    answer = client.get(f"{page.url}{name}/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))


# The list


def test_award_is_told_with_purpose_country_amount_and_day(client, fund):
    decided(fund, "amina")
    assert listed(client, fund.awards) == ["22 Mar 2022 Purpose of amina Kenya USD 3,800"]


def test_awards_stand_newest_first(client, fund):
    decided(fund, "first")
    decided(fund, "third", day=SPRING + timedelta(days=2))
    decided(fund, "second", day=SPRING + timedelta(days=1))
    purposes = [row.split("Purpose of ")[1].split()[0] for row in listed(client, fund.awards)]
    assert purposes == ["third", "second", "first"]


@pytest.mark.parametrize("status", ["awarded", "paid", "reported"])
def test_award_stays_listed_whatever_follows(client, fund, status):
    decided(fund, "amina", status=status)
    assert len(listed(client, fund.awards)) == 1


@pytest.mark.parametrize("kind", ["declined", "referred"])
def test_other_decisions_are_not_listed(client, fund, kind):
    decided(fund, "amina", kind)
    assert listed(client, fund.awards) == []


def test_grant_that_was_handed_back_is_not_listed(client, fund):
    decided(fund, "amina", status="withdrawn")
    assert listed(client, fund.awards) == []


@pytest.mark.parametrize(
    ("may_be_named", "is_named"), [(True, True), (False, False), (None, False)]
)
def test_name_is_told_only_with_consent(client, fund, may_be_named, is_named):
    decided(fund, "amina", may_be_named=may_be_named, public_name="Harbour <Watch>")
    html = client.get(fund.awards.url).content
    assert (b"Harbour &lt;Watch&gt;" in html) == is_named
    assert file_of(client, fund.awards, "awards-csv")[0]["grantee"] == (
        "Harbour <Watch>" if is_named else ""
    )


def test_nothing_of_the_request_itself_is_told(client, fund):
    request = decided(fund, "amina")
    html = client.get(fund.awards.url).content.decode()
    files = client.get(f"{fund.awards.url}awards-csv/").getvalue().decode()
    files += client.get(f"{fund.awards.url}figures-csv/").getvalue().decode()
    for private in ("Harbour Budget Watch", request.goal, request.reference, "amina@example.org"):
        assert private not in html + files


def test_confidential_grant_is_in_the_figures_alone(client, fund):
    decided(fund, "amina", is_confidential=True, may_be_named=True, public_name="Harbour Watch")
    decided(fund, "bela", country="NP")
    main = words(soup_of(client, fund.awards.url).main)
    assert "Purpose of bela" in main
    for private in ("Purpose of amina", "Harbour Watch", "Kenya"):
        assert private not in main
    assert "One more grant is counted and not listed" in main
    assert [row["purpose"] for row in file_of(client, fund.awards, "awards-csv")] == [
        "Purpose of bela"
    ]
    awarded = {
        row["country"]: row["value"]
        for row in file_of(client, fund.awards, "figures-csv")
        if row["figure"] == "awarded" and not row["year"]
    }
    assert awarded == {"": "2", "NP": "1", "ZZ": "1"}


def test_amount_of_a_confidential_grant_cannot_be_worked_out(client, fund):
    decided(fund, "amina", is_confidential=True, amount="1234.50")
    decided(fund, "cem", is_confidential=True)
    decided(fund, "bela", country="NP")
    soup = soup_of(client, fund.awards.url)
    assert words(soup.select_one(".facts p")) == "USD 3,800 in one grant"
    assert rows_of_table(soup, "years-heading") == [
        ["2022", "3", "3", "0", "0", "0", "–", "USD 3,800"]
    ]
    # Last, though they are the most.
    assert rows_of_table(soup, "countries-heading") == [
        ["Nepal", "1", "USD 3,800"],
        ["Not told", "2", "–"],
    ]
    amounts = [
        (row["year"], row["country"], row["value"])
        for row in file_of(client, fund.awards, "figures-csv")
        if row["figure"] == "amount_awarded"
    ]
    assert amounts == [("2022", "", "3800.00"), ("", "", "3800.00"), ("", "NP", "3800.00")]


def test_award_stays_when_its_request_is_emptied(client, fund):
    decided(fund, "amina", may_be_named=True, public_name="Harbour Watch")
    GrantRequest.objects.all().erase()
    assert listed(client, fund.awards) == ["22 Mar 2022 Purpose of amina Kenya USD 3,800"]


def test_award_without_a_public_purpose_says_so(client, fund):
    decided(fund, "amina", purposes={})
    assert "A campaign whose purpose is not told here" in listed(client, fund.awards)[0]
    (row,) = file_of(client, fund.awards, "awards-csv")
    assert (row["purpose"], row["purpose_language"]) == ("", "")


def test_purpose_is_told_in_the_language_of_the_page_or_else_in_that_of_the_source(client, fund):
    arabic = translate(fund.awards, "ar")
    decided(fund, "amina", purposes={"en": "Contracts in time", "ar": "العقود في وقتها"})
    decided(fund, "bela", purposes={"en": "Open prices"}, day=SPRING - timedelta(days=1))
    told = [
        [(one.text, one["lang"]) for one in soup_of(client, page.url).select("#list h2 bdi")]
        for page in (fund.awards, arabic)
    ]
    assert told == [
        [("Contracts in time", "en"), ("Open prices", "en")],
        [("العقود في وقتها", "ar"), ("Open prices", "en")],
    ]


def test_awards_of_all_languages_stand_in_one_list(client, fund):
    spanish = locale_of("es")
    page = translate(fund.awards, spanish)
    form = translate(fund.form, spanish)
    decided(fund, "amina")
    decided(fund, "bela", page=form, country="ES", day=SPRING + timedelta(days=1))
    assert ["Spain" in row for row in listed(client, fund.awards)] == [True, False]
    rows = listed(client, page)
    assert ["España" in row for row in rows] == [True, False]
    assert "Kenia" in rows[1]
    assert soup_of(client, page.url).select("#list time")[1]["datetime"] == "2022-03-22"


def test_readers_of_an_untranslated_page_are_shown_the_source(client, fund):
    translate(fund.page, "es")
    decided(fund, "amina", country="ES")
    address = fund.awards.url.replace("/en/", "/es/")
    soup = soup_of(client, address)
    assert soup.main["lang"] == "en"
    assert "Spain" in words(soup.select_one("#list"))
    files = [link["href"] for link in soup.select("a[download]")]
    assert files == [f"{address}awards-csv/", f"{address}figures-csv/"]
    assert client.get(files[0]).getvalue() == client.get(f"{fund.awards.url}awards-csv/").getvalue()


def test_awards_of_another_fund_are_not_told(client, fund):
    decided(fund, "amina", fund_key="00000000-0000-0000-0000-000000000000")
    assert listed(client, fund.awards) == []
    assert file_of(client, fund.awards, "awards-csv") == []


def test_long_list_has_pages(client, fund, monkeypatch):
    monkeypatch.setattr(awards_module, "AWARDS_PER_PAGE", 2)
    for number in range(3):
        decided(fund, f"a{number}", day=SPRING + timedelta(days=number))
    soup = soup_of(client, fund.awards.url)
    assert [time["datetime"] for time in soup.select("#list time")] == ["2022-03-24", "2022-03-23"]
    following = soup_of(client, fund.awards.url + soup.select_one("a[rel=next]")["href"])
    assert [time["datetime"] for time in following.select("#list time")] == ["2022-03-22"]
    assert client.get(f"{fund.awards.url}?page=3").status_code == 404
    assert len(file_of(client, fund.awards, "awards-csv")) == 3


def test_list_without_awards_leads_to_the_fund(client, fund):
    make_request(fund.form)
    empty = soup_of(client, fund.awards.url).select_one(".empty")
    assert "No grant has been awarded yet." in words(empty)
    assert empty.a["href"] == fund.page.url


def test_page_of_a_fund_that_nobody_asked_has_no_figures(client, fund):
    make_request(fund.form, status="draft")
    soup = soup_of(client, fund.awards.url)
    assert soup.select_one(".facts") is None
    assert soup.select("table") == []


# Figures


def some_of_each(fund):
    """Requests of two years, of every outcome, in two currencies."""
    last_year = SPRING - timedelta(days=365)
    decided(fund, "a", day=last_year)
    decided(fund, "b", "declined", day=last_year)
    decided(fund, "c")
    decided(fund, "d", amount="2200.50", currency="EUR", country="NP")
    decided(fund, "e", "declined")
    decided(fund, "f", "referred")
    decided(fund, "g", status="withdrawn")
    make_request(fund.form, "h", "withdrawn", sent_at=SPRING)
    make_request(fund.form, "i", "reading", sent_at=SPRING)
    make_request(fund.form, "j", "draft")


def rows_of_table(soup, heading: str) -> list[list[str]]:
    table = soup.find(id=heading).find_next("table")
    return [
        [words(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")
    ]


def test_figures_count_every_request_once(client, fund):
    some_of_each(fund)
    facts = soup_of(client, fund.awards.url).select_one(".facts")
    figures = {words(row.dt): words(row.dd).split()[0] for row in facts.select("dl > div")}
    assert figures == {
        "Received": "9",
        "Awarded": "3",
        "Declined": "2",
        "Referred": "1",
        "Withdrawn": "2",
    }
    assert [words(sum_) for sum_ in facts.select("p:first-of-type .big-figure")] == [
        "EUR 2,200.50",
        "USD 7,600",
    ]


def test_figures_by_year_and_country(client, fund):
    some_of_each(fund)
    soup = soup_of(client, fund.awards.url)
    assert rows_of_table(soup, "years-heading") == [
        ["2022", "7", "2", "1", "1", "2", "–", "EUR 2,200.50 USD 3,800"],
        ["2021", "2", "1", "1", "0", "0", "–", "USD 3,800"],
    ]
    assert rows_of_table(soup, "countries-heading") == [
        ["Kenya", "2", "USD 7,600"],
        ["Nepal", "1", "EUR 2,200.50"],
    ]


def test_median_of_a_year_is_told_from_five_decisions_on(client, fund):
    for name in "abcd":
        decided(fund, name, "declined")
    assert rows_of_table(soup_of(client, fund.awards.url), "years-heading")[0][6] == "–"
    decided(fund, "e", "declined")
    decided(fund, "f", status="withdrawn")
    assert rows_of_table(soup_of(client, fund.awards.url), "years-heading")[0][6] == "9"


def test_page_tells_the_same_time_as_the_page_of_the_fund(client, fund):
    for name in "abcde":
        decided(fund, name, "declined", day=timezone.now() - timedelta(days=3))
    told = "9 days is the median from request to decision, over the 5 decisions"
    assert told in words(soup_of(client, fund.awards.url).select_one(".facts"))
    assert told in words(soup_of(client, fund.page.url).select_one(".facts"))


# Files


def test_awards_are_a_file_for_programs(client, fund):
    decided(fund, "amina", may_be_named=True, public_name="Harbour Budget Watch")
    assert file_of(client, fund.awards, "awards-csv") == [
        {
            "decided_on": "2022-03-22",
            "amount": "3800.00",
            "currency": "USD",
            "country": "KE",
            "country_name": "Kenya",
            "purpose": "Purpose of amina",
            "purpose_language": "en",
            "grantee": "Harbour Budget Watch",
        }
    ]


def test_figures_are_a_file_for_programs(client, fund):
    some_of_each(fund)
    rows = file_of(client, fund.awards, "figures-csv")
    figures = {
        (row["figure"], row["year"], row["country"], row["currency"]): Decimal(row["value"])
        for row in rows
    }
    assert len(figures) == len(rows)
    assert figures["received", "", "", ""] == 9
    assert figures["received", "2022", "", ""] == 7
    assert figures["decided", "", "", ""] == 6
    assert figures["decided", "2022", "", ""] == 4
    assert figures["declined", "2021", "", ""] == 1
    assert figures["withdrawn", "", "", ""] == 2
    assert figures["amount_awarded", "2022", "", "EUR"] == Decimal("2200.50")
    assert figures["amount_awarded", "", "KE", "USD"] == Decimal("7600")
    assert figures["median_days", "", "", ""] == 9
    assert ("median_days", "2022", "", "") not in figures


def test_files_are_the_same_in_every_language(client, fund):
    page = translate(fund.awards, "ar")
    decided(fund, "amina")
    for name in ("awards-csv", "figures-csv"):
        english, arabic = (client.get(f"{one.url}{name}/") for one in (fund.awards, page))
        assert english.getvalue() == arabic.getvalue()


def test_files_are_missed_in_no_language(client, fund):
    """They have none, so who takes them where the page is not translated does not ask for that."""
    translate(fund.page, "es")
    address = fund.awards.url.replace("/en/", "/es/")
    for name in ("awards-csv", "figures-csv"):
        client.get(f"{address}{name}/", headers={"User-Agent": "Firefox"})
    assert not ReaderDemand.objects.exists()
    client.get(address, headers={"User-Agent": "Firefox"})
    assert ReaderDemand.objects.get().page_id == fund.awards.pk


def test_restricted_page_keeps_its_files(client, fund):
    decided(fund, "amina")
    PageViewRestriction.objects.create(page=fund.awards, restriction_type="login")
    for name in ("", "awards-csv/", "figures-csv/"):
        assert client.get(fund.awards.url + name).status_code == 302


@pytest.mark.parametrize("purpose", ["=1+1", "@SUM(A1)", "\uff1dcmd", " =1"])
def test_files_run_nothing(client, fund, purpose):
    decided(fund, "amina", purposes={"en": purpose}, may_be_named=True, public_name="+1")
    row = file_of(client, fund.awards, "awards-csv")[0]
    assert (row["purpose"], row["grantee"]) == (f"'{purpose}", "'+1")


def test_files_are_downloads_that_spreadsheets_read(client, fund):
    decided(fund, "amina", purposes={"en": "نشر العقود"})
    answer = client.get(f"{fund.awards.url}awards-csv/")
    assert answer["Content-Disposition"] == 'attachment; filename="past-grants.csv"'
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "نشر العقود" in content.decode()
    figures = client.get(f"{fund.awards.url}figures-csv/")
    assert figures["Content-Disposition"] == 'attachment; filename="past-grants-figures.csv"'


def test_files_of_a_page_that_is_not_public_are_not_there(client, fund):
    fund.awards.unpublish()
    for name in ("awards-csv", "figures-csv"):
        assert client.get(f"{fund.awards.url}{name}/").status_code == 404


# The page of the fund


def test_fund_leads_to_its_past_grants(client, fund):
    links = [link["href"] for link in soup_of(client, fund.page.url).main.select("a[href]")]
    assert fund.awards.url in links

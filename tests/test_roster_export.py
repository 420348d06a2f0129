"""The list of a session's people as a spreadsheet: all their answers, and no formula."""

import csv
import io
import shutil
import subprocess

import openpyxl
import pytest
from wagtail.models import ModelLogEntry

from hub.models import Submission, User
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from tests.rosters import address, fill_roster, log_in, roster_of
from tests.translating import locale_of
from training.models import RegistrationQuestion


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=20)


@pytest.fixture
def officer(site, client) -> User:
    return log_in(client)


@pytest.fixture
def answered(session):
    RegistrationQuestion.objects.create(
        page=session, label="=What are you stuck on?", clean_name="stuck", locale=session.locale
    )
    RegistrationQuestion.objects.create(
        page=session,
        label="Vegetarian?",
        field_type="checkbox",
        clean_name="vegetarian",
        locale=session.locale,
        sort_order=1,
    )
    make_registration(
        session,
        form_data={
            "hub-name": "=HYPERLINK(1)",
            "hub-email": "amina@example.org",
            "hub-country": "KE",
            "stuck": '+49 targets, "one"\nword',
            "vegetarian": True,
        },
    )
    make_registration(session, "bela", status="waiting", locale=locale_of("ar"))
    return session


def exported(client, page, file_format: str, **query) -> list[list]:
    url = address("roster", roster_of(page).pk)
    response = client.get(url, {"export": file_format, **query})
    content = b"".join(response.streaming_content)
    if file_format == "csv":
        return list(csv.reader(io.StringIO(content.decode())))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.rows]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_has_all_answers_and_no_formula(client, answered, officer, file_format):
    heading, first, second = exported(client, answered, file_format)
    assert heading[:8] == [
        "Reference",
        "Name",
        "Email",
        "Organisation",
        "Country",
        "Access needs",
        "'=What are you stuck on?",
        "Vegetarian?",
    ]
    amina, bela = (first, second) if first[1] == "'=HYPERLINK(1)" else (second, first)
    assert amina[1:3] == ["'=HYPERLINK(1)", "amina@example.org"]
    assert amina[4] == "Kenya"
    assert amina[6:10] == ['\'+49 targets, "one"\nword', "Yes", "English", "Confirmed"]
    assert bela[8:10] == ["العربيّة", "On the waiting list"]


def test_export_follows_the_filters_and_is_logged(client, answered, officer):
    rows = exported(client, answered, "csv", status="waiting")
    assert [row[1] for row in rows[1:]] == ["Bela"]
    entry = ModelLogEntry.objects.get(action="training.exported")
    assert (entry.user, entry.label) == (officer, "Whom to ask")
    assert entry.data == {"count": 1, "format": "CSV"}
    assert entry.message == "Exported as CSV (people: 1)"
    history = client.get(address("history", roster_of(answered).pk)).content.decode()
    assert "Exported as CSV (people: 1)" in history


def test_export_is_in_the_source_language_whatever_the_officers(client, answered, officer):
    officer.wagtail_userprofile = None
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=officer, defaults={"preferred_language": "fr"})
    heading, *_rows = exported(client, answered, "csv")
    assert heading[1] == "Name"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_export_opens_in_an_office_program(client, answered, officer, tmp_path):
    url = address("roster", roster_of(answered).pk)
    response = client.get(url, {"export": "xlsx"})
    (tmp_path / "roster.xlsx").write_bytes(b"".join(response.streaming_content))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv",
            "--outdir",
            tmp_path,
            tmp_path / "roster.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    rows = list(csv.reader(io.StringIO((tmp_path / "roster.csv").read_text("utf-8"))))
    assert len(rows) == 3
    assert {row[1] for row in rows[1:]} == {"'=HYPERLINK(1)", "Bela"}


def test_export_reads_a_long_roster_in_few_queries(
    client, session, officer, django_assert_max_num_queries
):
    fill_roster(session, 40)
    with django_assert_max_num_queries(18):
        rows = exported(client, session, "csv")
    assert len(rows) == 41
    assert Submission.objects.count() == 40

"""The officer's list of a session's people: who sees it, what it shows, and as a spreadsheet."""

import csv
import io
import shutil
import subprocess
from datetime import timedelta

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page

from hub.models import OutgoingMail, Submission, User
from hub.roles import EDITORS, FUNDING_OFFICERS, TRAINING_OFFICERS, set_up_roles
from hub.translation.teams import set_up_team
from tests.factories import SessionPageFactory
from tests.registering import make_registration
from tests.translating import locale_of, translate
from training.models import Registration, RegistrationQuestion, Roster
from training.sessions import settle

TRANSLATORS = "Spanish translators"


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=20)


def log_in(client, role: str = TRAINING_OFFICERS) -> User:
    set_up_roles()
    user = User.objects.create_user("officer")
    if role == TRANSLATORS:
        user.groups.add(set_up_team(locale_of("es")).translators)
    else:
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


@pytest.fixture
def officer(site, client) -> User:
    return log_in(client)


def roster_of(page) -> Roster:
    return Roster.objects.get(session_key=page.translation_key)


def address(name: str, *args) -> str:
    return reverse(f"registrations:{name}", args=args)


def list_of(client, page, **query) -> BeautifulSoup:
    response = client.get(address("roster", roster_of(page).pk), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def names(soup) -> list[str]:
    return [strong.text for strong in soup.select("table.roster td.title strong")]


# Whose it is


def every_address(session) -> dict[str, str]:
    registration = make_registration(session)
    roster, person = registration.roster_id, registration.pk
    mail = OutgoingMail.objects.create(
        key="k", to="a@example.org", language="en", submission=registration
    )
    return {
        "roster": address("roster", roster),
        "roster as a spreadsheet": f"{address('roster', roster)}?export=csv",
        "roster_results": address("roster_results", roster),
        "results as a spreadsheet": f"{address('roster_results', roster)}?export=xlsx",
        "step": address("step", roster),
        "move": address("move", roster),
        "add": address("add", roster),
        "message": address("message", roster),
        "history": address("history", roster),
        "opinions": address("opinions", roster),
        "person": address("person", person),
        "edit": address("edit", person),
        "link": address("link", person),
        "mail_again": address("mail_again", person, mail.pk),
        "clone": address("clone", session.pk),
    }


def is_refused(response) -> bool:
    return response.status_code == 403 or (
        response.status_code == 302 and response.url == "/admin/"
    )


DESK = {
    "roster",
    "roster as a spreadsheet",
    "roster_results",
    "results as a spreadsheet",
    "step",
    "move",
    "add",
    "message",
    "history",
    "opinions",
    "person",
    "edit",
    "link",
    "mail_again",
}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (TRAINING_OFFICERS, {*DESK, "clone"}),
        (EDITORS, {"clone"}),
        (FUNDING_OFFICERS, set()),
        (TRANSLATORS, set()),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_address_of_the_desk_is_for_officers(client, session, role, allowed, method):
    addresses = every_address(session)
    log_in(client, role)
    refused = {name for name, url in addresses.items() if is_refused(getattr(client, method)(url))}
    assert set(addresses) - refused == allowed


def test_the_table_has_every_address_of_the_desk():
    from training.admin.viewset import RegistrationDesk

    assert {pattern.name for pattern in RegistrationDesk().get_urlpatterns()} == {
        name for name in {*DESK, "clone"} if "spreadsheet" not in name
    }


def test_strangers_are_sent_to_the_login(client, session):
    for url in every_address(session).values():
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")


def test_who_may_not_see_people_finds_no_way_to_them(client, session):
    make_registration(session)
    log_in(client, EDITORS)
    for url in ("/admin/", "/admin/sessions/", f"/admin/pages/{session.pk}/edit/"):
        html = client.get(url).content.decode()
        assert "registrations/rosters" not in html
        assert "registrations/people" not in html


def test_an_officer_finds_the_roster_on_the_front_page(client, session, officer):
    make_registration(session)
    url = address("roster", roster_of(session).pk)
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    link = soup.select_one(f'a[href="{url}"]')
    assert link.text == "Whom to ask"
    assert "1 of 20 seats taken" in link.find_parent("li").text


def test_a_roster_whose_pages_are_gone_is_gone_too(client, session, officer):
    roster = settle(session)
    session.delete()
    assert not Roster.objects.exists()
    assert client.get(address("roster", roster.pk)).status_code == 404


# Back doors


def test_wagtails_own_list_of_forms_leads_to_the_roster(client, session, officer):
    registration = make_registration(session)
    index = client.get("/admin/forms/")
    assert f"/admin/forms/submissions/{session.pk}/" not in index.content.decode()
    response = client.get(f"/admin/forms/submissions/{session.pk}/")
    assert response.url == address("roster", registration.roster_id)


@pytest.mark.parametrize("role", [EDITORS, TRAINING_OFFICERS, None])
def test_registrations_cannot_be_deleted_as_submissions(client, session, role):
    registration = make_registration(session)
    if role:
        log_in(client, role)
    else:
        client.force_login(User.objects.create_superuser("administrator"))
    url = f"/admin/forms/submissions/{session.pk}/delete/"
    response = client.post(f"{url}?selected-submissions={registration.pk}")
    assert is_refused(response)
    assert Registration.objects.exists()


def test_a_session_with_registrations_is_not_deleted(client, session, officer):
    make_registration(session)
    response = client.post(f"/admin/pages/{session.pk}/delete/", follow=True)
    assert "cannot be deleted" in response.content.decode()
    response = client.post(f"/admin/bulk/wagtailcore/page/delete/?id={session.pk}", follow=True)
    assert "cannot be deleted" in response.content.decode()
    assert Page.objects.filter(pk=session.pk).exists()
    assert Registration.objects.exists()


def test_a_plain_copy_of_a_page_has_a_roster_of_its_own(client, session, officer):
    make_registration(session)
    client.post(
        f"/admin/pages/{session.pk}/copy/",
        {"new_title": "Again", "new_slug": "again", "new_parent_page": session.get_parent().pk},
    )
    copy = Page.objects.get(slug="again").specific
    assert copy.translation_key != session.translation_key
    assert copy.roster.pk is None
    assert copy.roster.taken == 0


def test_reports_tell_editors_nothing_about_people(client, session):
    registration = make_registration(session, name="wilhelmina")
    officer = User.objects.create_superuser("administrator")
    client.force_login(officer)
    client.post(address("link", registration.pk))
    assert ModelLogEntry.objects.filter(action="training.link").count() == 1
    assert registration.reference in client.get("/admin/reports/site-history/").content.decode()
    log_in(client, EDITORS)
    for url in ("/admin/reports/site-history/", f"/admin/pages/{session.pk}/history/"):
        html = client.get(url).content.decode()
        assert registration.reference not in html
        assert "wilhelmina" not in html.lower()


# The list


def test_sessions_say_where_they_are_in_their_life(client, site, session, officer):
    session.capacity = 2
    session.save_revision().publish()
    for name in ("amina", "bela"):
        make_registration(session, name)
    make_registration(session, "chi", status="waiting")
    SessionPageFactory(parent=site.training, title="For all")
    soup = BeautifulSoup(client.get("/admin/sessions/").content, "html.parser")
    rows = {
        row.select_one("[data-listing-page-title] a").text.strip(): [
            " ".join(cell.text.split()) for cell in row.find_all("td")
        ]
        for row in soup.select("#listing-results table tbody tr")
    }
    assert rows["Whom to ask"][3:6] == ["2 of 2: see the people", "1", "Full, with a waiting list"]
    assert rows["For all"][3:6] == ["0", "", "Open for registration"]


def test_a_translated_session_is_one_row_with_one_roster(client, session, officer):
    translate(session, "es")
    html = client.get("/admin/sessions/").content.decode()
    assert html.count("Whom to ask") == html.count(f"/admin/pages/{session.pk}/edit/") > 0
    assert "es: Whom" not in html


def test_a_translator_finds_the_translation_and_no_way_to_the_people(client, session):
    spanish = translate(session, "es")
    make_registration(session)
    log_in(client, TRANSLATORS)
    html = client.get("/admin/sessions/").content.decode()
    assert f"/admin/pages/{spanish.pk}/edit/" in html
    assert "1 of 20" in html
    assert "registrations/rosters" not in html


def test_list_of_sessions_costs_the_same_however_many(
    client, site, session, officer, django_assert_num_queries
):
    for count in (1, 3):
        while Page.objects.filter(content_type__model="sessionpage").count() < count:
            make_registration(SessionPageFactory(parent=site.training))
        client.get("/admin/sessions/")  # fills the caches that all screens share
        with django_assert_num_queries(27):
            client.get("/admin/sessions/")


def test_roster_shows_people_of_all_languages(client, session, officer):
    make_registration(
        session,
        form_data={
            "hub-name": "Amina",
            "hub-organisation": "Harbour Watch",
            "hub-country": "KE",
            "hub-access": "Captions",
        },
    )
    spanish = translate(session, "es")
    make_registration(session, "bela", status="waiting", locale=spanish.locale, added_by=officer)
    soup = list_of(client, session)
    rows = [" ".join(row.text.split()) for row in soup.select("table.roster tbody tr")]
    assert "Amina Harbour Watch, Kenya Access needs: Captions amina@example.org English" in rows[0]
    assert "Bela Added by hand bela@example.org Español On the waiting list since" in rows[1]
    assert soup.select("table.roster tbody tr")[1].select_one("[data-label^=Place]").text == "1"
    facts = " ".join(soup.select_one(".roster__facts").text.split())
    assert "1 of 20 seats taken, 19 left Confirmed 1On the waiting list 1" in facts


def test_the_roster_of_a_past_session_leads_to_what_participants_thought(client, site, officer):
    past = SessionPageFactory(parent=site.training, starts_at=timezone.now() - timedelta(days=1))
    make_registration(past, status="attended")
    url = address("opinions", roster_of(past).pk)
    assert list_of(client, past).select_one(f'a[href="{url}"]')
    assert "Nobody has said anything yet." in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "waiting"}, ["Chi", "Bela"]),
        ({"status": ["waiting", "confirmed"]}, ["Amina", "Bela", "Chi"]),
        ({"status": "nonsense"}, ["Amina", "Bela", "Chi"]),
        ({"access": "yes"}, ["Amina"]),
        ({"ordering": "-name"}, ["Chi", "Bela", "Amina"]),
        ({"ordering": "line"}, ["Chi", "Bela", "Amina"]),
        ({"ordering": "time"}, ["Amina", "Bela", "Chi"]),
        ({"ordering": "password"}, ["Amina", "Bela", "Chi"]),
        ({"p": "99"}, ["Amina", "Bela", "Chi"]),
    ],
)
def test_roster_is_filtered_and_ordered(client, session, officer, query, found):
    now = timezone.now()
    make_registration(
        session,
        form_data={
            "hub-name": "Amina",
            "hub-organisation": "Harbour Watch",
            "hub-access": "Captions",
        },
    )
    make_registration(session, "bela", status="waiting", queued_at=now)
    make_registration(session, "chi", status="waiting", queued_at=now - timedelta(hours=1))
    if query == {"status": "waiting"}:
        query = {**query, "ordering": "line"}
    assert names(list_of(client, session, **query)) == found


def test_roster_is_filtered_by_language(client, session, officer):
    make_registration(session)
    make_registration(session, "bela", locale=locale_of("es"))
    assert names(list_of(client, session, locale=locale_of("es").pk)) == ["Bela"]


def fill_roster(session, count: int):
    """Registrations in two statements each: a child table takes no bulk_create."""
    roster = settle(session)
    start = roster.registrations.count()
    first = make_registration(session, f"person{start}")
    with transaction.atomic():
        for number in range(start + 1, count):
            registration = Registration(
                page_id=session.pk,
                roster=roster,
                locale=first.locale,
                address=f"person{number}@example.org",
                form_data={"hub-name": f"Person {number}"},
                idempotency_key=f"person-{number}",
                retained_until=first.retained_until,
                status="waiting" if number % 2 else "confirmed",
            )
            registration.save()


@pytest.mark.parametrize("count", [1, 3, 5000])
@pytest.mark.parametrize(
    ("role", "queries"),
    [("administrator", 10), (TRAINING_OFFICERS, 12)],
)
def test_roster_costs_the_same_however_long(
    client, session, role, queries, count, django_assert_num_queries
):
    if role == TRAINING_OFFICERS:
        log_in(client)
    else:
        client.force_login(User.objects.create_superuser(role))
    fill_roster(session, count)
    url = address("roster", roster_of(session).pk)
    client.get(url)  # fills the caches that all screens share
    with django_assert_num_queries(queries):
        html = client.get(url).content.decode()
    assert f">{count} {'person' if count == 1 else 'people'}<" in html


# As a spreadsheet


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

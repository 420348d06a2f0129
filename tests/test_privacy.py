"""What is held about a person can be shown and erased, goes by itself, and leaks nowhere."""

import json
import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from hub import jobs, privacy
from hub.forms.links import address_of
from hub.mail import outbox
from hub.models import OutgoingMail, Submission, User
from tests.factories import ClinicPageFactory, NextSessionPageFactory, SessionPageFactory
from tests.registering import (
    filled_in,
    let_time_pass,
    make_registration,
    register,
    registration_of,
    token_of,
)
from training.models import Interest, Registration, Roster, StuckRequest

ADDRESS = "amina@example.org"
VIEW = "/admin/personal-data/"


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, capacity=1)


@pytest.fixture
def clinic(site):
    return ClinicPageFactory(parent=site.training)


@pytest.fixture
def next_page(site):
    return NextSessionPageFactory(parent=site.training)


@pytest.fixture
def everywhere(client, site, session, clinic, next_page):
    """Somebody who has left something with every kind of form; and somebody else, who has, too."""
    for name in ("amina", "bela"):
        register(client, session, name)
        send(client, clinic, name, **{"hub-stuck": "A wall."})
        send(client, next_page, name)
    Submission.objects.create(
        page_id=site.contact.pk,
        locale=site.locale,
        form_data={"message": "Hello"},
        address="Amina@EXAMPLE.org",
        idempotency_key="contact",
        retained_until=timezone.localdate() + timedelta(days=90),
    )


def send(client, page, name, **answers):
    sent = {
        "hub-token": token_of(client.get(page.url)),
        "hub-email": f"{name}@example.org",
        "hub-name": name.capitalize(),
        "hub-consent": "on",
        **answers,
    }
    assert client.post(page.url, sent).status_code == 302


def kinds(holding) -> list[str]:
    return sorted(type(submission).__name__ for submission in holding.submissions)


def test_everything_is_found_however_the_address_is_written(everywhere):
    for written in (ADDRESS, "AMINA@example.ORG", " Amina@Example.org "):
        holding = privacy.find(written)
        assert kinds(holding) == ["Interest", "Registration", "StuckRequest", "Submission"]
        # Registration, receipt and staff's copy of the request, receipt of the wish.
        assert len(holding.mails) == 4


def test_similar_addresses_are_other_peoples(everywhere):
    for other in ("amin@example.org", "amina@example.organ", "%@example.org", "amina_@example.org"):
        assert not privacy.find(other)


def test_international_domain_is_found_in_both_spellings(session):
    make_registration(session, address="amina@bücher.example")
    for written in ("amina@bücher.example", "amina@xn--bcher-kva.example"):
        assert kinds(privacy.find(written)) == ["Registration"]


def test_finding_queries(everywhere, django_assert_num_queries):
    with django_assert_num_queries(13):
        privacy.find(ADDRESS)


def test_export_holds_everything_in_words(everywhere):
    data = json.loads(json.dumps(privacy.as_data(privacy.find(ADDRESS)), default=str))
    text = json.dumps(data)
    assert {entry["kind"] for entry in data["submissions"]} == {
        "registration",
        "request for help",
        "wish to hear of the next session",
        "form submission",
    }
    registration = next(row for row in data["submissions"] if row["kind"] == "registration")
    assert {"question": "Country", "answer": "Kenya"} in registration["answers"]
    assert "The team may keep" in text
    assert "Hello" in text
    assert "bela" not in text


def test_erasing_empties_registrations_and_deletes_the_rest(everywhere, session):
    reference = registration_of().reference
    assert Roster.objects.get().taken == 1
    privacy.erase(ADDRESS)
    assert not privacy.find(ADDRESS)
    gone = Registration.objects.get(reference=reference)
    assert (gone.status, gone.form_data, gone.address) == ("cancelled", {}, "")
    assert (gone.consent_text, gone.search_text, gone.address_key, gone.link_key) == ("",) * 4
    assert gone.consented_at
    assert gone.anonymised_at
    # The seat went on to who was next, who is told.
    assert registration_of("bela").status == "offered"
    assert Roster.objects.get().taken == 1
    assert OutgoingMail.objects.filter(occasion="training.offered", to="bela@example.org").exists()
    assert kinds(privacy.find("bela@example.org")) == ["Interest", "Registration", "StuckRequest"]


def test_erasing_a_past_registration_keeps_what_counts(site):
    session = SessionPageFactory(
        parent=site.training, starts_at=timezone.now() - timedelta(days=2), capacity=5
    )
    make_registration(session, status="attended")
    privacy.erase(ADDRESS)
    assert Registration.objects.get().status == "attended"
    assert Roster.objects.get().taken == 1


def test_erased_person_gets_no_more_mail(everywhere, mailoutbox):
    privacy.erase(ADDRESS)
    outbox.deliver_due()
    assert ADDRESS not in {to.lower() for mail in mailoutbox for to in mail.to}
    assert "Amina" not in str([mail.body for mail in mailoutbox])


def test_mail_to_an_address_without_a_submission_goes_too(db):
    OutgoingMail.objects.create(key="k", to="Amina@example.org", text="Dear Amina", language="en")
    assert len(privacy.find(ADDRESS).mails) == 1
    privacy.erase(ADDRESS)
    assert not OutgoingMail.objects.exists()


def test_erasing_twice_is_harmless(everywhere):
    assert privacy.erase(ADDRESS)
    assert not privacy.erase(ADDRESS)


def test_person_can_register_again_after_being_erased(client, session):
    register(client, session)
    privacy.erase(ADDRESS)
    register(client, session)
    assert registration_of().status == "confirmed"


# The admin


def test_staff_look_export_and_erase(everywhere, admin_client):
    assert "Personal data" in admin_client.get("/admin/").content.decode()
    page = admin_client.post(VIEW, {"address": ADDRESS, "action": "find"})
    html = page.content.decode()
    assert "What is held about amina@example.org" in html
    assert registration_of().reference in html
    assert "no-store" in page.headers["Cache-Control"]

    export = admin_client.post(VIEW, {"address": ADDRESS, "action": "export"})
    assert export.headers["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert len(json.loads(export.content)["submissions"]) == 4

    asked = admin_client.post(VIEW, {"address": ADDRESS, "action": "ask"}).content.decode()
    assert "Erase for good" in asked
    assert StuckRequest.objects.filter(address=ADDRESS).exists()
    done = admin_client.post(VIEW, {"address": ADDRESS, "action": "erase"}).content.decode()
    assert "Everything that was held about this address is erased." in done
    assert not privacy.find(ADDRESS)
    again = admin_client.post(VIEW, {"address": ADDRESS, "action": "erase"}).content.decode()
    assert "Nothing is held about amina@example.org" in again


def test_log_of_looking_exporting_and_erasing_names_nobody(everywhere, admin_client):
    for action in ("find", "export", "erase"):
        admin_client.post(VIEW, {"address": ADDRESS, "action": action})
    entries = ModelLogEntry.objects.filter(action__startswith="hub.person").order_by("pk")
    assert [entry.action for entry in entries] == [
        "hub.person_looked_up",
        "hub.person_exported",
        "hub.person_erased",
    ]
    assert {entry.data["person"] for entry in entries} == {privacy.pseudonym("AMINA@example.org")}
    for log in (ModelLogEntry, PageLogEntry):
        for label, data in log.objects.values_list("label", "data"):
            assert "amina" not in f"{label} {data}".lower()


@pytest.mark.parametrize("address", ["", "amina", "a\x00b@example.org", "x" * 300 + "@example.org"])
def test_looking_for_what_is_no_address_says_so(admin_client, address):
    for action in ("find", "export", "erase"):
        response = admin_client.post(VIEW, {"address": address, "action": action})
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == {"address"}


def test_staff_without_the_permission_are_turned_away(everywhere, client):
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("editor", password="pw")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    for action in ("find", "export", "erase"):
        response = client.post(VIEW, {"address": ADDRESS, "action": action})
        assert response.status_code == 302
        assert response.url == "/admin/"
    assert privacy.find(ADDRESS)
    assert "Personal data" not in client.get("/admin/").content.decode()


def test_deleting_from_the_list_of_a_form_takes_the_mails_along(client, next_page, admin_client):
    for name in ("amina", "bela"):
        send(client, next_page, name)
    wish = Interest.objects.get(address=ADDRESS)
    address = f"/admin/forms/submissions/{next_page.pk}/delete/?selected-submissions={wish.pk}"
    done = admin_client.post(address, follow=True).content.decode()
    assert "1 submission has been deleted." in done
    assert not privacy.find(ADDRESS)
    assert privacy.find("bela@example.org")


# By itself


def run(name: str):
    next(job for job in jobs.all_jobs() if job.name == name).run()


@pytest.mark.parametrize(("days", "is_gone"), [(0, False), (1, True)])
def test_what_is_kept_too_long_goes_by_itself(everywhere, days, is_gone):
    today = timezone.localdate()
    Submission.objects.update(retained_until=today - timedelta(days=days))
    run("delete_expired_submissions")
    assert StuckRequest.objects.exists() is not is_gone
    assert Interest.objects.exists() is not is_gone
    assert Registration.objects.count() == 2
    emptied = Registration.objects.exclude(anonymised_at=None).filter(address="", form_data={})
    assert emptied.count() == (2 if is_gone else 0)
    assert OutgoingMail.objects.exists() is not is_gone


def test_expired_registrations_keep_their_numbers(site):
    session = SessionPageFactory(parent=site.training, starts_at=timezone.now() - timedelta(days=2))
    for name, status in (("amina", "attended"), ("bela", "no-show"), ("chi", "cancelled")):
        make_registration(session, name, status)
    Submission.objects.update(retained_until=timezone.localdate() - timedelta(days=1))
    for _night in range(2):
        run("delete_expired_submissions")
    statuses = Registration.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["attended", "no-show", "cancelled"]
    assert Roster.objects.get().taken == 2
    assert not privacy.find(ADDRESS)


# Where nothing about a person may be

PERSONAL = ("amina", "harbour budget watch", "wheelchair")


def test_nothing_about_a_person_in_addresses_logs_or_cache(
    client, session, clinic, next_page, caplog, monkeypatch, admin_client
):
    """A whole life: registering twice, the link of one's own, failing mail, giving up, being erased."""
    caplog.set_level("DEBUG")
    seen = []
    answers = {"hub-access": "A wheelchair ramp"}
    responses = [
        client.post(session.url, filled_in(client, session, **answers)) for _time in range(2)
    ]
    responses.append(client.post(session.url, filled_in(client, session, **{"hub-consent": ""})))
    send(client, clinic, "amina", **{"hub-stuck": "A wall."})
    send(client, next_page, "amina")
    for response in responses:
        seen.append(response.headers.get("Location", ""))
    for name in ("registration", "registration_edit", "registration_withdraw"):
        seen.append(address_of(registration_of(), name))
        responses.append(client.get(urlsplit(seen[-1]).path))
        assert responses[-1].status_code == 200
    refuse_mail(monkeypatch)
    outbox.deliver_due()
    client.post(urlsplit(address_of(registration_of(), "registration_withdraw")).path)
    assert registration_of().status == "cancelled"
    outbox.deliver_due()
    errors = OutgoingMail.objects.exclude(last_error="").values_list("last_error", "key")
    assert errors
    admin_client.post(VIEW, {"address": ADDRESS, "action": "export"})
    admin_client.post(VIEW, {"address": ADDRESS, "action": "erase"})
    seen += [f"{key} {value!r}" for key, value in cache._cache.items()]
    seen += [f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records]
    seen += [f"{error} {key}" for error, key in errors]
    for text in seen:
        assert [word for word in PERSONAL if word in text.lower()] == []


def refuse_mail(monkeypatch):
    """A mail server that names the address it refuses."""

    def send(message, *_arguments, **_options):
        raise smtplib.SMTPRecipientsRefused(
            {message.to[0]: (550, f"No mailbox <{message.to[0]}>".encode())}
        )

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send)

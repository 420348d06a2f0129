"""What an officer does with the people on a roster: attendance, seats, moving, adding, writing."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import ModelLogEntry

from hub.forms.links import token_for
from hub.models import OutgoingMail
from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from tests.rosters import address, log_in, roster_of
from tests.translating import locale_of
from training.links import find
from training.models import Registration, RegistrationQuestion, Roster


@pytest.fixture
def officer(site, client):
    return log_in(client)


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=2)


@pytest.fixture
def begun(site):
    return SessionPageFactory(
        parent=site.training, starts_at=timezone.now() - timedelta(minutes=5), capacity=20
    )


def do(client, page, step: str, *people: Registration, sure: bool = True, **data):
    """What the browser shows after the step was taken with those people ticked, and said yes to."""
    data = {"step": step, "chosen": [person.pk for person in people], **data}
    if sure:
        data["sure"] = "1"
    return client.post(address("step", roster_of(page).pk), data, follow=True)


def said(response) -> list[str]:
    """The messages on top of the screen."""
    soup = BeautifulSoup(response.content, "html.parser")
    for more in soup.select(".messages template"):
        more.decompose()
    return [" ".join(item.text.split()) for item in soup.select(".messages li")]


def status_of(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).status


def occasions() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("occasion", flat=True))


# Attendance


def test_attendance_is_marked_for_many_at_once_and_taken_back(client, begun, officer):
    people = [make_registration(begun, name) for name in ("amina", "bela", "chi")]
    response = do(client, begun, "attended", *people[:2], sure=False)
    assert said(response) == ["2 people are marked as attended."]
    do(client, begun, "absent", people[2], sure=False)
    assert [status_of(person) for person in people] == ["attended", "attended", "no-show"]
    do(client, begun, "unmark", people[0], sure=False)
    assert status_of(people[0]) == "confirmed"
    assert occasions() == []
    entries = ModelLogEntry.objects.filter(action__startswith="training.").order_by("pk")
    assert [entry.message for entry in entries] == [
        "Marked as attended",
        "Marked as attended",
        "Marked as not having come",
        "Mark taken back",
    ]
    assert {entry.user for entry in entries} == {officer}


def test_the_button_in_a_row_means_that_row_alone(client, begun, officer):
    amina, bela = (make_registration(begun, name) for name in ("amina", "bela"))
    roster = address("roster", roster_of(begun).pk)
    soup = BeautifulSoup(client.get(roster).content, "html.parser")
    button = soup.select_one(f'button[formaction$="?one={bela.pk}"][value="attended"]')
    client.post(button["formaction"], {"step": "attended", "chosen": [amina.pk]})
    assert (status_of(amina), status_of(bela)) == ("confirmed", "attended")


def test_attendance_is_marked_only_once_the_session_has_begun(client, session, officer):
    amina = make_registration(session)
    response = do(client, session, "attended", amina)
    assert said(response) == ["Attendance can be marked once the session has begun."]
    assert status_of(amina) == "confirmed"
    assert 'name="step" value="attended"' not in response.content.decode()


# Seats


def test_cancelling_asks_first_and_says_who_is_told(client, session, officer):
    amina = make_registration(session)
    make_registration(session, "bela")
    make_registration(session, "chi", status="waiting")
    html = do(client, session, "cancel", amina, sure=False).content.decode()
    assert "Cancel these registrations?" in html
    assert "amina@example.org" in html
    assert "Each gets a mail that says so." in html
    assert status_of(amina) == "confirmed"

    assert said(do(client, session, "cancel", amina)) == ["1 registration is cancelled."]
    assert status_of(amina) == "cancelled"
    assert registration_of("chi").status == "offered"
    assert Roster.objects.get().taken == 2
    assert occasions() == ["training.cancelled", "training.offered"]


def test_a_seat_is_offered_or_given_as_long_as_there_is_one(client, session, officer):
    first, second, third = (
        make_registration(
            session,
            name,
            status="waiting",
            queued_at=timezone.now() + timedelta(minutes=minutes),
        )
        for minutes, name in enumerate(("amina", "bela", "chi"))
    )
    response = do(client, session, "offer", third, second, first)
    assert said(response) == [
        "2 people are offered a seat.",
        "Chi: All seats are taken. Raise the number of seats first, or use the waiting list.",
    ]
    assert [status_of(person) for person in (first, second, third)] == [
        "offered",
        "offered",
        "waiting",
    ]
    assert said(do(client, session, "seat", first)) == ["1 person has a seat now."]
    assert Roster.objects.get().taken == 2


def test_what_another_tab_has_changed_is_refused_with_a_sentence(client, session, officer):
    amina, bela = (make_registration(session, name, status="waiting") for name in ("amina", "bela"))
    do(client, session, "cancel", amina)
    response = do(client, session, "offer", amina, bela)
    assert said(response) == [
        "1 person is offered a seat.",
        "Amina: That is not possible for somebody whose status is “Cancelled”.",
    ]
    assert (status_of(amina), status_of(bela)) == ("cancelled", "offered")


def test_no_seat_is_offered_in_a_cancelled_session(client, session, officer):
    amina = make_registration(session, status="waiting")
    session.is_cancelled = True
    session.save_revision().publish()
    response = do(client, session, "offer", amina)
    assert said(response) == [
        "The session has begun or was cancelled, so no seat can be offered any more."
    ]
    assert 'name="step" value="offer"' not in response.content.decode()


@pytest.mark.parametrize("step", ["seat", "attended", "cancel"])
def test_what_somebody_called_themselves_is_never_markup(client, begun, officer, step):
    name = "<img src=x onerror=alert(1)>"
    waits = make_registration(begun, status="waiting", form_data={"hub-name": name})
    pages = [
        do(client, begun, step, waits, sure=False),
        do(client, begun, step, waits),
        client.get(address("person", waits.pk)),
        client.get(address("edit", waits.pk)),
        client.get(address("history", waits.roster_id)),
        client.post(address("move", waits.roster_id), {"chosen": [waits.pk]}),
    ]
    assert all(response.status_code == 200 for response in pages)
    assert not any("<img src=x" in response.content.decode() for response in pages)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"chosen": []}, "Tick the people first."),
        ({"chosen": ["999999"]}, "Tick the people first."),
        ({"chosen": ["x\0", "²"]}, "Tick the people first."),
        ({"step": "promote"}, "Choose what is to be done."),
        ({"step": ""}, "Choose what is to be done."),
    ],
)
def test_nonsense_is_answered_with_a_sentence(client, session, officer, data, sentence):
    amina = make_registration(session)
    url = address("step", roster_of(session).pk)
    response = client.post(
        url, {"step": "cancel", "chosen": [amina.pk], "sure": "1"} | data, follow=True
    )
    assert said(response) == [sentence]
    assert status_of(amina) == "confirmed"


def test_people_of_another_roster_are_left_alone(client, site, session, officer):
    other = make_registration(SessionPageFactory(parent=site.training))
    make_registration(session, "bela")
    assert said(do(client, session, "cancel", other)) == ["Tick the people first."]
    assert status_of(other) == "confirmed"


def test_one_returns_to_the_list_as_it_was(client, session, officer):
    amina = make_registration(session)
    roster = address("roster", roster_of(session).pk)
    where = {"step": "cancel", "chosen": [amina.pk], "sure": "1"}
    url = address("step", roster_of(session).pk)
    assert client.post(url, where | {"next": f"{roster}?q=a"}).url == f"{roster}?q=a"
    assert client.post(url, where | {"next": "https://evil.example/"}).url == roster
    assert client.get(url).url == roster


# Moving


def test_people_are_moved_to_a_session_to_come(client, site, session, officer):
    later = SessionPageFactory(parent=site.training, title="Later", capacity=1)
    past = SessionPageFactory(parent=site.training, title="Past", ends_at=timezone.now())
    past.starts_at = timezone.now() - timedelta(hours=2)
    past.save_revision().publish()
    amina, bela = (make_registration(session, name) for name in ("amina", "bela"))
    make_registration(past, "old")
    make_registration(later, "chi", status="cancelled")
    url = address("move", roster_of(session).pk)
    asked = client.post(url, {"chosen": [amina.pk, bela.pk]}).content.decode()
    assert "Later (" in asked
    assert "1 seat left" in asked
    assert "Past (" not in asked
    assert "Choose a session." not in asked

    chosen = {"chosen": [amina.pk, bela.pk]}
    assert "Choose a session." in client.post(url, chosen | {"target": ""}).content.decode()
    gone = client.post(url, chosen | {"target": roster_of(past).pk}).content.decode()
    assert "This session is not to come any more." in gone

    response = client.post(url, chosen | {"target": roster_of(later).pk}, follow=True)
    assert said(response) == ["2 people are moved to “Later”."]
    assert [status_of(amina), status_of(bela)] == ["cancelled", "cancelled"]
    moved = Registration.objects.filter(roster=roster_of(later)).exclude(address="chi@example.org")
    assert sorted(moved.values_list("status", flat=True)) == ["confirmed", "waiting"]
    assert ModelLogEntry.objects.filter(action="training.moved").first().message == (
        "Moved to “Later”"
    )
    again = client.post(url, chosen | {"target": roster_of(later).pk}, follow=True)
    assert said(again) == [
        "Amina, Bela: This registration has changed in the meantime, so that is no longer possible."
    ]


# Adding and editing


def by_hand(client, page, **changes) -> dict:
    """What a browser sends that has filled in the form "Add a person"."""
    form = client.get(address("add", roster_of(page).pk))
    key = BeautifulSoup(form.content, "html.parser").find("input", {"name": "key"})["value"]
    return {
        "key": key,
        "hub-name": "Dalia",
        "hub-email": "dalia@example.org",
        "language": locale_of("es").pk,
        "agreed": "on",
        "agreed_how": "By telephone, on 3 May",
        **changes,
    }


def test_a_person_is_added_by_hand(client, session, officer):
    RegistrationQuestion.objects.create(
        page=session, label="Stuck on?", clean_name="stuck", locale=session.locale, required=True
    )
    make_registration(session)
    data = by_hand(client, session)
    url = address("add", roster_of(session).pk)
    responses = [client.post(url, data, follow=True) for _click in range(2)]
    assert said(responses[0]) == ["Dalia has a seat, and gets the confirmation by mail."]
    assert responses[1].status_code == 200

    dalia = registration_of("dalia")
    assert dalia.status == "confirmed"
    assert dalia.locale.language_code == "es"
    assert dalia.form_data == {
        "hub-name": "Dalia",
        "hub-email": "dalia@example.org",
        "hub-organisation": "",
        "hub-country": "",
        "hub-access": "",
        "stuck": "",
    }
    assert dalia.consent_text == "By telephone, on 3 May"
    assert dalia.consented_at
    assert dalia.added_by == officer
    assert dalia.retained_until == session.retained_until()
    assert Roster.objects.get().taken == 2
    assert occasions() == ["training.confirmed"]
    assert ModelLogEntry.objects.get(action="training.added").user == officer

    url = address("add", roster_of(session).pk)
    assert "All seats are taken." in client.get(url).content.decode()
    full = by_hand(client, session, **{"hub-name": "Eli", "hub-email": "eli@example.org"})
    assert said(client.post(url, full, follow=True)) == [
        "All seats are taken: Eli is on the waiting list, and is told so by mail."
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hub-email": "AMINA@example.org"}, "This address is registered for the session already."),
        ({"hub-email": "nonsense"}, "address"),
        ({"hub-name": ""}, "Fill this in."),
        ({"hub-name": "Da\0lia"}, "invisible character"),
        ({"hub-name": "Dalia\r\nBcc: x@example.org"}, "Write this on one line."),
        ({"agreed": ""}, "Ask them first, and tick this when they agree."),
        ({"agreed_how": ""}, "Fill this in."),
        ({"hub-country": "XX"}, "no longer on offer"),
    ],
)
def test_what_cannot_be_added_comes_back_with_a_sentence(
    client, session, officer, changes, sentence
):
    make_registration(session)
    response = client.post(
        address("add", roster_of(session).pk), by_hand(client, session, **changes)
    )
    assert response.status_code == 200
    html = response.content.decode()
    assert sentence in html
    assert "By telephone" in html or "agreed_how" in changes
    assert Registration.objects.count() == 1
    assert Roster.objects.get().taken == 1
    assert occasions() == []


def test_nobody_is_added_to_a_session_that_is_over(client, begun, officer):
    begun.ends_at = timezone.now() - timedelta(minutes=1)
    begun.save_revision().publish()
    make_registration(begun)
    response = client.get(address("add", roster_of(begun).pk), follow=True)
    assert said(response) == ["This session is over, so nobody can register any more."]


def edited(client, registration, **changes):
    """The form "Edit details" as a browser would send it, with some changes."""
    url = address("edit", registration.pk)
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    form = soup.select_one("form.roster__form")
    data = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    data["hub-access"] = form.find("textarea").text.strip()
    data["language"] = form.select_one("[name=language] option[selected]")["value"]
    data["hub-country"] = form.select_one("[name=hub-country] option[selected]")["value"]
    return data | changes


def test_details_are_edited(client, session, officer):
    amina = make_registration(
        session,
        form_data={"hub-name": "Amina", "hub-country": "KE", "old-question": "kept"},
    )
    token = token_for(amina)
    data = edited(client, amina, **{"hub-name": "Amina O.", "hub-access": "Captions"})
    assert said(client.post(address("edit", amina.pk), data, follow=True)) == ["Saved."]
    amina.refresh_from_db()
    assert (amina.name, amina.country, amina.access_needs) == ("Amina O.", "KE", "Captions")
    assert amina.form_data["old-question"] == "kept"
    assert "amina o." in amina.search_text
    assert find(token) == amina
    entry = ModelLogEntry.objects.get(action="training.edited")
    assert (entry.user, entry.message) == (officer, "Changed: Name, Access needs")
    assert occasions() == []


def test_another_address_makes_former_links_worthless(client, session, officer):
    amina = make_registration(session)
    make_registration(session, "bela")
    token = token_for(amina)
    taken = edited(client, amina, **{"hub-email": "bela@example.org"})
    response = client.post(address("edit", amina.pk), taken)
    assert "This address is registered for the session already." in response.content.decode()
    assert find(token) == amina

    client.post(
        address("edit", amina.pk), edited(client, amina, **{"hub-email": "new@example.org"})
    )
    amina.refresh_from_db()
    assert (amina.address, amina.address_key) == ("new@example.org", "new@example.org")
    assert find(token) is None
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.to) == ("training.link", "new@example.org")


def test_a_form_that_is_out_of_date_overwrites_nothing(client, session, officer):
    amina = make_registration(session)
    late = edited(client, amina, **{"hub-organisation": "Late"})
    client.post(address("edit", amina.pk), edited(client, amina, **{"hub-name": "Early"}))
    html = client.post(address("edit", amina.pk), late).content.decode()
    assert "Somebody has changed this registration since you opened it." in html
    amina.refresh_from_db()
    assert (amina.name, amina.organisation) == ("Early", "")


# One person


def test_a_persons_page_says_everything(client, session, officer):
    RegistrationQuestion.objects.create(
        page=session, label="Stuck on?", clean_name="stuck", locale=session.locale
    )
    amina = make_registration(
        session,
        status="waiting",
        consent_text="The team may keep it.",
        consented_at=timezone.now(),
        form_data={"hub-name": "Amina", "hub-country": "KE", "stuck": "<b>targets</b>"},
    )
    OutgoingMail.objects.create(
        key="k",
        to="amina@example.org",
        language="en",
        submission=amina,
        state="failed",
        occasion="training.waiting",
    )
    do(client, session, "offer", amina)
    html = client.get(address("person", amina.pk)).content.decode()
    text = " ".join(BeautifulSoup(html, "html.parser").select_one("main").get_text(" ").split())
    assert "Country Kenya" in text
    assert "Stuck on? <b>targets</b>" in text
    assert "You are on the waiting list Given up Send again" in text
    assert "Offered a seat" in text
    assert "The team may keep it." in text
    assert "officer" in text


def test_a_mail_that_was_given_up_is_sent_again(client, session, officer):
    amina, bela = (make_registration(session, name) for name in ("amina", "bela"))
    mail = OutgoingMail.objects.create(
        key="k", to="amina@example.org", language="en", submission=amina, state="failed"
    )
    assert client.post(address("mail_again", bela.pk, mail.pk)).status_code == 404
    url = address("mail_again", amina.pk, mail.pk)
    assert said(client.post(url, follow=True)) == ["The mail goes out again within a minute."]
    assert OutgoingMail.objects.get().state == "waiting"
    assert said(client.post(url, follow=True)) == [
        "This mail is not given up: there is nothing to do."
    ]


def test_a_new_link_is_sent_once(client, session, officer):
    amina = make_registration(session)
    token = token_for(amina)
    responses = [client.post(address("link", amina.pk), follow=True) for _click in range(2)]
    assert [said(response) for response in responses] == [
        ["A mail with a new link goes out. The links of before no longer work."],
        ["A mail with a new link is on its way already."],
    ]
    assert find(token) is None
    assert occasions() == ["training.link"]
    assert client.get(address("link", amina.pk)).status_code == 405


# Writing to people


@pytest.fixture
def readers(session):
    session.capacity = 20
    session.save_revision().publish()
    make_registration(session)
    make_registration(session, "bela", locale=locale_of("es"))
    make_registration(session, "chi", status="waiting")
    make_registration(session, "gone", status="confirmed", address="", anonymised_at=timezone.now())


def written(client, session, **changes) -> dict:
    form = client.get(address("message", roster_of(session).pk))
    key = BeautifulSoup(form.content, "html.parser").find("input", {"name": "key"})["value"]
    words = {"subject": "What to bring", "body": "One page.\n\nThank you."}
    return {"key": key, "statuses": ["confirmed"], "language": "", **words, **changes}


def test_a_message_is_shown_with_its_number_of_readers_and_sent_once(
    client, session, readers, officer
):
    url = address("message", roster_of(session).pk)
    data = written(client, session, statuses=["confirmed", "waiting"])
    assert "Send this to 3 people?" in client.post(url, data).content.decode()
    assert occasions() == []
    responses = [client.post(url, data | {"sure": "1"}, follow=True) for _click in range(2)]
    assert [said(response) for response in responses] == [
        ["The message goes to 3 people within a few minutes."],
        ["This message was sent already; nobody gets it twice."],
    ]
    mails = OutgoingMail.objects.filter(occasion="training.message").order_by("to")
    assert [(mail.to, mail.language) for mail in mails] == [
        ("amina@example.org", "en"),
        ("bela@example.org", "es"),
        ("chi@example.org", "en"),
    ]
    assert mails[0].details == {"subject": "What to bring", "body": "One page.\n\nThank you."}
    assert mails[0].submission.registration == registration_of()
    entry = ModelLogEntry.objects.get(action="training.messaged")
    assert (entry.user, entry.message) == (officer, "Wrote “What to bring” (people: 3)")


def test_a_message_goes_to_one_language(client, session, readers, officer):
    url = address("message", roster_of(session).pk)
    client.post(url, written(client, session, language=locale_of("es").pk, sure="1"))
    assert OutgoingMail.objects.get().to == "bela@example.org"


def test_a_message_can_be_changed_before_it_goes(client, session, readers, officer):
    url = address("message", roster_of(session).pk)
    response = client.post(url, written(client, session, change="1"))
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.find("input", {"name": "subject"})["value"] == "What to bring"
    assert soup.find("button", {"name": "sure"}) is None
    assert occasions() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"statuses": []}, "Choose at least one group."),
        ({"statuses": ["declined"]}, "Nobody is in these groups, so nobody would get it."),
        ({"subject": "Hello\r\nBcc: x@example.org"}, "Write this on one line."),
        ({"body": ""}, "Fill this in."),
        ({"key": "nonsense"}, ""),
    ],
)
def test_a_message_that_cannot_go_comes_back(client, session, readers, officer, changes, sentence):
    url = address("message", roster_of(session).pk)
    response = client.post(url, written(client, session, sure="1", **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert occasions() == []


def test_many_get_their_message_in_few_queries(client, session, officer, django_assert_num_queries):
    for count in (1, 3):
        while Registration.objects.count() < count:
            make_registration(session, f"person{Registration.objects.count()}")
        url = address("message", roster_of(session).pk)
        data = written(client, session, sure="1")
        with django_assert_num_queries(17):
            client.post(url, data)

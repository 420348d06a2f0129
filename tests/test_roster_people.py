"""What an officer does with one person: adding, editing, a new link, mail that was given up."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import ModelLogEntry

from hub.forms.links import token_for
from hub.models import OutgoingMail
from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from tests.rosters import address, do, log_in, occasions, roster_of, said
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

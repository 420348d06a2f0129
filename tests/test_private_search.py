"""Lists that hold people are searched without anything that was typed standing in an address."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.utils import timezone

from hub.models import OutgoingMail, User
from hub.roles import TRAINING_OFFICERS, set_up_roles
from tests.factories import ClinicPageFactory, SessionPageFactory
from tests.registering import make_registration
from training.models import StuckRequest

MAILS, REQUESTS = "/admin/outgoing_mail/", "/admin/stuck_requests/"


@pytest.fixture
def roster(site):
    session = SessionPageFactory(parent=site.training)
    organisation = {"hub-name": "Amina", "hub-organisation": "Harbour Watch"}
    make_registration(session, form_data=organisation)
    make_registration(session, "bela", status="waiting")
    return f"/admin/registrations/rosters/{session.roster.pk}/"


@pytest.fixture
def mails(db):
    for name in ("Amina", "Bela"):
        OutgoingMail.objects.create(
            key=name, to=f"{name.lower()}@example.org", subject=f"To {name}", language="en"
        )
    return MAILS


@pytest.fixture
def requests(site):
    clinic = ClinicPageFactory(parent=site.training)
    for name in ("Amina", "Bela"):
        StuckRequest.objects.create(
            page=clinic,
            locale=clinic.locale,
            form_data={"hub-name": name, "hub-stuck": f"Stuck, says {name}"},
            address=f"{name.lower()}@example.org",
            idempotency_key=name,
            retained_until=timezone.localdate(),
        )
    return REQUESTS


@pytest.fixture(params=["roster", "mails", "requests"])
def listing(request, db, client):
    client.force_login(User.objects.create_superuser("root"))
    return request.getfixturevalue(request.param)


def shown(client, address, **parameters) -> str:
    soup = BeautifulSoup(client.get(address, parameters).content, "html.parser")
    table = soup.select_one("main table")
    return table.text if table else ""


def search(client, address, words, **more):
    return client.post(address, {"words": words, **more})


def test_a_list_is_searched_and_shows_everybody_again(client, listing):
    response = search(client, listing, "bela@example")
    assert (response.status_code, response.url) == (302, listing)
    found = shown(client, listing)
    assert "bela" in found.lower()
    assert "amina" not in found.lower()

    assert search(client, listing, "", clear="1").url == listing
    assert {"amina", "bela"} <= set(shown(client, listing).lower().replace("@", " ").split())


def test_nothing_that_was_typed_stands_in_any_address(client, listing):
    response = search(client, listing, "bela@example")
    assert "bela" not in response.url
    soup = BeautifulSoup(client.get(listing).content, "html.parser")
    addresses = [
        tag[name] for tag in soup.find_all(True) for name in ("href", "action") if tag.get(name)
    ]
    assert len(addresses) > 10
    assert not any("bela" in address for address in addresses)
    assert soup.find("input", {"name": "words"})["value"] == "bela@example"
    assert soup.find("input", {"name": "words"}).find_parent("form")["method"] == "post"


def test_words_in_the_address_count_for_nothing(client, listing):
    assert "amina" in shown(client, listing, q="bela").lower()


def test_a_search_that_finds_nobody_can_be_taken_back(client, listing):
    search(client, listing, "nobody at all")
    assert shown(client, listing) == ""
    soup = BeautifulSoup(client.get(listing).content, "html.parser")
    assert soup.find("button", {"name": "clear"})


@pytest.mark.parametrize("words", ["bela\x00", "bela" * 1000])
def test_words_that_cannot_be_searched_for_are_refused_with_a_sentence(client, listing, words):
    search(client, listing, "amina")
    response = client.post(listing, {"words": words}, follow=True)
    messages = [str(message) for message in response.context["messages"]]
    assert len(messages) == 1
    assert "invisible character" in messages[0] or "Take out" in messages[0]
    assert "amina" in shown(client, listing).lower()


def test_filters_stay_and_the_place_in_the_list_does_not(client, roster):
    client.force_login(User.objects.create_superuser("root"))
    response = search(client, f"{roster}?status=waiting&p=2&q=x", "example")
    assert response.url == f"{roster}?status=waiting"
    found = shown(client, roster, status="waiting")
    assert "Bela" in found
    assert "Amina" not in found


def test_the_spreadsheet_holds_what_was_searched_for(client, roster):
    client.force_login(User.objects.create_superuser("root"))
    search(client, roster, "harbour")
    content = b"".join(client.get(roster, {"export": "csv"}).streaming_content).decode()
    assert "Amina" in content
    assert "Bela" not in content


def test_one_officers_search_is_nobody_elses(client, roster):
    set_up_roles()
    for name in ("first", "second"):
        user = User.objects.create_user(name)
        user.groups.add(Group.objects.get(name=TRAINING_OFFICERS))
    client.force_login(User.objects.get(username="first"))
    search(client, roster, "bela")
    client.force_login(User.objects.get(username="second"))
    assert "Amina" in shown(client, roster)


def test_who_may_not_see_people_cannot_search_for_them(client, roster):
    set_up_roles()
    user = User.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="Communications editors"))
    client.force_login(user)
    response = search(client, roster, "bela")
    assert response.url == "/admin/"
    assert not [key for key, _words in client.session.items() if key.startswith("search:")]

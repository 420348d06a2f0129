"""What an officer writes to the people on a roster: shown first, and sent once."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import ModelLogEntry

from hub.models import OutgoingMail
from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from tests.rosters import address, log_in, occasions, roster_of, said
from tests.translating import locale_of
from training.models import Registration


@pytest.fixture
def officer(site, client):
    return log_in(client)


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, title="Whom to ask", capacity=2)


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

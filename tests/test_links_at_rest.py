"""What the database holds opens nothing: private links go out in mails and stay nowhere."""

import pytest
from django.core import mail

from hub.forms import links
from hub.mail import outbox
from hub.models import OutgoingMail
from tests.asking import make_request, open_fund
from tests.registering import make_registration, open_sessions


@pytest.fixture
def request_(site):
    return make_request(open_fund(site).form)


def test_mail_keeps_no_private_link_once_it_is_out(request_):
    outbox.enqueue_later("k", occasion="funding.link", submission=request_)
    assert outbox.deliver_due() == 1
    address = links.address_of(request_, "request")
    message = mail.outbox[0]
    assert address in message.body
    assert address in message.alternatives[0].content
    row = OutgoingMail.objects.get()
    held = row.subject + row.text + row.html + row.calendar
    assert request_.reference in held
    assert "/request/[private]/" in row.text
    assert links.token_for(request_) not in held


def test_mail_that_could_not_be_sent_has_its_link_the_next_time(request_, monkeypatch):
    def fail(*_arguments):
        raise ConnectionRefusedError

    row = outbox.enqueue_later("k", occasion="funding.link", submission=request_)
    with monkeypatch.context() as down:
        down.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
        assert outbox.deliver_due() == 0
    OutgoingMail.objects.update(next_attempt_at=row.created_at)
    assert outbox.deliver_due() == 1
    assert links.address_of(request_, "request") in mail.outbox[0].body


@pytest.mark.django_db
def test_calendar_entry_keeps_no_part_of_a_link():
    registration = make_registration(open_sessions(1)[0])
    outbox.enqueue_later("k", occasion="training.confirmed", submission=registration)
    assert outbox.deliver_due() == 1
    held = OutgoingMail.objects.get().calendar
    signature = links.token_for(registration).rpartition("~")[2]
    assert "/registration/[private]/" in held
    assert signature[-20:] not in held

"""“Tell me about the next one”: who is told of which session, once, and how one stops it."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail as outgoing
from django.utils import timezone

from hub.mail import outbox
from hub.models import OutgoingMail
from tests.factories import (
    FormatFactory,
    NextSessionPageFactory,
    SessionPageFactory,
    TopicFactory,
    add_topics,
)
from tests.registering import let_time_pass, make_registration, token_of
from tests.translating import translate
from training import news
from training.models import Interest, SessionPage
from training.sessions import settle


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def next_page(site):
    return NextSessionPageFactory(parent=site.training)


@pytest.fixture
def format_(site):
    return FormatFactory()


def ask(client, next_page, name="amina", about="", **changes):
    form = client.get(next_page.url, {"about": about} if about else {})
    soup = BeautifulSoup(form.content, "html.parser")
    return client.post(
        next_page.url,
        {
            "hub-token": token_of(form),
            "hub-about": soup.find("input", {"name": "hub-about"}).get("value", ""),
            "hub-email": f"{name}@example.org",
            "hub-consent": "on",
            **changes,
        },
    )


def announce(site, **fields) -> SessionPage:
    session = SessionPageFactory(
        parent=site.training, first_published_at=timezone.now() + timedelta(seconds=1), **fields
    )
    settle(session)
    return session


def send_mail() -> list:
    outgoing.outbox.clear()
    outbox.deliver_due()
    return sorted(outgoing.outbox, key=lambda message: message.to)


def told() -> list[str]:
    """Who gets news now, after the receipts are out."""
    send_mail()
    news.tell()
    return [message.to[0] for message in send_mail()]


def test_asking_is_thanked_for_and_acknowledged(client, next_page):
    response = ask(client, next_page)
    html = client.get(response.headers["Location"]).content.decode()
    assert "Thank you. We will tell you." in html
    assert "Then we delete your address." in html
    wish = Interest.objects.get()
    assert (wish.address, wish.session_key, wish.told_at) == ("amina@example.org", None, None)
    assert wish.consent_text.startswith("The team may keep my address")
    (receipt,) = send_mail()
    assert receipt.to == ["amina@example.org"]
    assert f"{next_page.url}?stop=" in receipt.body


def test_asking_again_with_the_same_address_is_answered_alike_and_brings_one_mail(
    client, next_page
):
    pages = [
        client.get(ask(client, next_page, name=name).headers["Location"]).content.decode()
        for name in ("amina", "AMINA")
    ]
    first, second = (BeautifulSoup(html, "html.parser").find(id="main").text for html in pages)
    assert first == second
    assert len(send_mail()) == 1


@pytest.mark.parametrize("missing", ["hub-email", "hub-consent"])
def test_asking_needs_an_address_and_consent(client, next_page, missing):
    response = ask(client, next_page, **{missing: ""})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {missing}
    assert not Interest.objects.exists()


def test_next_session_is_told_once(client, site, next_page):
    ask(client, next_page)
    session = announce(site)
    send_mail()
    assert [news.tell(), news.tell()] == [1, 0]
    (mail,) = send_mail()
    assert mail.to == ["amina@example.org"]
    assert session.title in mail.subject
    assert session.url in mail.body
    assert "UTC: " in mail.body
    assert "New York: " in mail.body
    assert "?stop=" in mail.body
    assert "This was the one mail you asked for" in mail.alternatives[0].content
    news.forget_told()
    assert not Interest.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_wish_is_kept_until_its_mail_is_sent(client, site, next_page, settings):
    ask(client, next_page)
    announce(site)
    send_mail()
    news.tell()
    news.forget_told()
    assert Interest.objects.count() == 1


def test_same_address_asked_twice_is_told_once(client, site, next_page):
    for name in ("amina", "Amina"):
        ask(client, next_page, name=name)
    announce(site)
    assert told() == ["amina@example.org"]
    news.forget_told()
    assert not Interest.objects.exists()


def test_session_published_before_somebody_asked_is_no_news(client, site, next_page):
    settle(
        SessionPageFactory(
            parent=site.training, first_published_at=timezone.now() - timedelta(hours=1)
        )
    )
    ask(client, next_page)
    assert told() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"live": False},
        {"takes_registrations": False},
        {"is_cancelled": True},
        {"starts_at": timezone.now() - timedelta(days=1)},
        {"closes_at": timezone.now() - timedelta(hours=1)},
    ],
)
def test_session_nobody_can_register_for_is_no_news(client, site, next_page, fields):
    ask(client, next_page)
    announce(site, **fields)
    assert told() == []
    assert Interest.objects.count() == 1


def test_asked_from_a_session_one_hears_of_those_alike(client, site, next_page, format_):
    topic = TopicFactory()
    past = {"first_published_at": timezone.now() - timedelta(days=9)}
    same_format = SessionPageFactory(parent=site.training, format=format_, **past)
    same_topic = SessionPageFactory(parent=site.training, **past)
    other = SessionPageFactory(parent=site.training, **past)
    add_topics(same_topic, topic)
    for name, about in (("a", same_format), ("b", same_topic), ("c", other)):
        ask(client, next_page, name=name, about=about.url)
    ask(client, next_page, name="d")
    ask(client, next_page, name="e", about=site.toolkit.url)
    assert Interest.objects.get(address="a@example.org").session_key == same_format.translation_key
    add_topics(announce(site, format=format_), topic)
    assert told() == ["a@example.org", "b@example.org", "d@example.org", "e@example.org"]


def test_about_a_session_that_is_gone_means_any(client, site, next_page):
    gone = SessionPageFactory(parent=site.training)
    ask(client, next_page, about=gone.url)
    gone.delete()
    announce(site)
    assert told() == ["amina@example.org"]


def test_news_is_in_the_language_of_who_asked(client, site, next_page):
    ask(client, translate(next_page, "es"))
    session = announce(site)
    spanish = translate(session, "es")
    send_mail()
    news.tell()
    (mail,) = send_mail()
    assert mail.extra_headers["Content-Language"] == "es"
    assert spanish.title in mail.subject
    assert spanish.url in mail.body
    assert "/es/training/next/?stop=" in mail.body


def test_translation_published_later_is_no_news(client, site, next_page):
    session = announce(site)
    SessionPage.objects.filter(pk=session.pk).update(
        first_published_at=timezone.now() - timedelta(days=1)
    )
    ask(client, next_page)
    spanish = translate(session, "es")
    SessionPage.objects.filter(pk=spanish.pk).update(
        first_published_at=timezone.now() + timedelta(seconds=1)
    )
    assert told() == []


def test_session_cancelled_before_the_mail_went_out_leaves_the_wish_open(client, site, next_page):
    ask(client, next_page)
    session = announce(site)
    send_mail()
    news.tell()
    SessionPage.objects.filter(pk=session.pk).update(is_cancelled=True)
    assert send_mail() == []
    news.forget_told()
    assert Interest.objects.get().told_at is None
    announce(site)
    assert told() == ["amina@example.org"]


@pytest.mark.parametrize("count", [1, 3])
def test_telling_queries(client, site, next_page, count, django_assert_num_queries):
    for number in range(count):
        ask(client, next_page, name=f"a{number}")
    announce(site)
    with django_assert_num_queries(9):
        assert news.tell() == count
    with django_assert_num_queries(3):
        assert news.tell() == 0


# Stopping


def stop_link(mail) -> str:
    return re.search(r"https?://[^/]+(/\S+\?stop=\S+)", mail.body)[1]


def test_stopping_asks_first_and_then_deletes_all_wishes_of_the_address(client, next_page):
    for name in ("amina", "amina", "bela"):
        ask(client, next_page, name=name)
    link = stop_link(send_mail()[0])
    asked = client.get(link)
    assert "Delete my address" in asked.content.decode()
    assert "no-store" in asked.headers["Cache-Control"]
    assert Interest.objects.count() == 3
    done = client.post(link)
    assert "Your address is deleted" in done.content.decode()
    assert [wish.address for wish in Interest.objects.all()] == ["bela@example.org"]
    assert "Your address is deleted" in client.get(link).content.decode()


def test_stop_link_that_was_altered_says_so_and_deletes_nothing(client, next_page):
    ask(client, next_page)
    link = stop_link(send_mail()[0])
    for altered in (link[:-1], link.replace("stop=", "stop=A"), f"{next_page.url}?stop="):
        for response in (client.get(altered), client.post(altered)):
            assert response.status_code == 404
            assert "This link does not work" in response.content.decode()
    assert Interest.objects.count() == 1


def test_stop_link_says_nothing_about_a_person(client, next_page):
    ask(client, next_page)
    link = stop_link(send_mail()[0])
    assert "amina" not in link
    assert "example.org" not in link


# The admin


def test_editors_see_how_many_people_wait(client, site, next_page, admin_client):
    assert "hear of the next session" not in admin_client.get("/admin/").content.decode()
    for name in ("amina", "amina", "bela"):
        ask(client, next_page, name=name)
    html = admin_client.get("/admin/").content.decode()
    assert "2 people wait to hear of the next session" in html
    assert f"/admin/forms/submissions/{next_page.pk}/" in html
    listing = admin_client.get(f"/admin/forms/submissions/{next_page.pk}/").content.decode()
    assert listing.count("@example.org") == 3


def test_session_without_seats_leads_to_the_next_one(client, site, next_page):
    full = SessionPageFactory(parent=site.training, capacity=1)
    make_registration(full)
    link = f'href="{next_page.url}?about={full.url}"'
    assert link in client.get(full.url).content.decode()
    room = SessionPageFactory(parent=site.training, capacity=1)
    assert "Tell me about the next one" not in client.get(room.url).content.decode()
    listing = client.get(site.training.url).content.decode()
    assert f'href="{next_page.url}"' in listing

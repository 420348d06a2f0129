"""What publishing a session's page means for its roster and for its pages in other languages."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from hub.forms.pages import months_later
from hub.jobs import publish_scheduled
from hub.models import OutgoingMail
from tests.factories import SessionPageFactory
from tests.registering import (
    filled_in,
    let_time_pass,
    make_registration,
    register,
    registration_of,
)
from tests.translating import locale_of, publish, submit, translate, write
from training.models import Registration, Roster, SessionPage
from training.models.roster import FACTS, facts_of
from training.sessions import PLANS

# As clocks are in forms.
NOW = timezone.now().replace(microsecond=0)
# Another value for each, as an editor may give it.
OTHER_FACTS = {
    "capacity": 12,
    "starts_at": NOW + timedelta(days=9),
    "ends_at": NOW + timedelta(days=10),
    "zone": "Africa/Nairobi",
    "opens_at": NOW - timedelta(days=1),
    "closes_at": NOW + timedelta(days=6),
    "takes_registrations": False,
    "is_cancelled": True,
    "joining_url": "https://meet.example.org/circle",
    "offer_hours": 24,
    "reminder_hours": [72],
    "retention_months": 6,
}


@pytest.fixture
def session(site):
    session = SessionPageFactory(parent=site.training, capacity=20)
    session.save_revision().publish()
    return fresh(session)


@pytest.fixture
def spanish(session):
    translate(session.get_parent().specific, "es")
    return translate(session, "es")


def fresh(page) -> SessionPage:
    return SessionPage.objects.get(pk=page.pk)


def change(page, **facts):
    """Publishes a page with other facts."""
    page = fresh(page)
    for name, value in facts.items():
        setattr(page, name, value)
    page.save_revision().publish()


def roster() -> Roster:
    return Roster.objects.get()


# The source says how things are


def test_the_first_publication_makes_the_roster(session):
    assert facts_of(roster()) == facts_of(session)
    assert (roster().session_key, roster().version) == (session.translation_key, 0)
    assert roster().changed_at is None


@pytest.mark.parametrize("name", FACTS)
def test_each_fact_is_copied_to_the_roster_and_to_translations(session, spanish, name):
    change(session, **{name: OTHER_FACTS[name]})
    assert getattr(roster(), name) == OTHER_FACTS[name]
    assert facts_of(fresh(spanish)) == facts_of(roster()) == facts_of(fresh(session))
    assert Roster.objects.count() == 1


@pytest.mark.parametrize("name", FACTS)
def test_only_a_change_of_plans_is_one_to_tell_of(session, name):
    before = timezone.now()
    change(session, **{name: OTHER_FACTS[name]})
    if name in PLANS:
        assert roster().version == 1
        assert before <= roster().changed_at <= timezone.now()
    else:
        assert (roster().version, roster().changed_at) == (0, None)
    assert set(PLANS) == {"starts_at", "ends_at", "zone", "is_cancelled", "joining_url"}


def test_each_change_of_plans_counts_once_and_words_do_not_count(session):
    change(session, starts_at=OTHER_FACTS["starts_at"], ends_at=OTHER_FACTS["ends_at"])
    change(session, title="Another title", notice="Our speaker is ill.")
    assert roster().version == 1
    change(session, is_cancelled=True)
    assert roster().version == 2


def test_readers_of_a_translation_see_the_new_time_at_once(client, session, spanish):
    def shown() -> str:
        html = BeautifulSoup(client.get(spanish.url).content, "html.parser")
        return html.find(class_="facts__date").time["datetime"]

    before = shown()
    change(
        session,
        starts_at=session.starts_at + timedelta(days=1),
        ends_at=session.ends_at + timedelta(days=1),
    )
    assert shown() != before
    assert shown() == (session.starts_at + timedelta(days=1)).isoformat()


# Translations repeat it


def test_a_draft_translation_makes_no_roster_and_changes_none(session):
    translation = submit(session, locale_of("es"))
    change(session, starts_at=OTHER_FACTS["starts_at"], ends_at=OTHER_FACTS["ends_at"])
    write(translation)
    target = publish(translation)
    assert Roster.objects.count() == 1
    assert roster().version == 1
    assert facts_of(fresh(target)) == facts_of(roster())
    assert roster().starts_at == OTHER_FACTS["starts_at"]


def test_publishing_a_stale_translation_does_not_move_the_session_back(session, spanish):
    stale = spanish.save_revision()
    change(session, starts_at=OTHER_FACTS["starts_at"], ends_at=OTHER_FACTS["ends_at"], capacity=7)
    stale.publish()
    assert (roster().starts_at, roster().capacity) == (OTHER_FACTS["starts_at"], 7)
    assert roster().version == 1
    assert facts_of(fresh(spanish)) == facts_of(roster())
    assert fresh(session).starts_at == OTHER_FACTS["starts_at"]


@pytest.mark.parametrize("name", FACTS)
def test_whoever_edits_a_translation_cannot_change_a_fact(session, spanish, name):
    before = facts_of(roster())
    change(spanish, **{name: OTHER_FACTS[name]})
    assert facts_of(fresh(spanish)) == facts_of(roster()) == facts_of(fresh(session)) == before
    assert roster().version == 0


def test_translators_are_not_asked_for_facts(session):
    source = submit(session, locale_of("es")).source
    paths = set(source.stringsegment_set.values_list("context__path", flat=True))
    paths |= set(source.overridablesegment_set.values_list("context__path", flat=True))
    assert "title" in paths
    assert not paths & set(FACTS)


# What follows from a change


def test_how_long_registrations_are_kept_follows_the_session(session):
    make_registration(session)
    anonymous = make_registration(session, "bela", anonymised_at=timezone.now())
    change(session, ends_at=OTHER_FACTS["ends_at"], retention_months=6)
    assert registration_of().retained_until == months_later(OTHER_FACTS["ends_at"].date(), 6)
    kept = anonymous.retained_until
    anonymous.refresh_from_db()
    assert anonymous.retained_until == kept


def test_more_seats_are_offered_when_they_are_published(session, spanish):
    change(session, capacity=1)
    make_registration(session)
    for name in ("bela", "chi"):
        make_registration(session, name, "waiting")
    change(session, capacity=2)
    assert [registration_of(name).status for name in ("bela", "chi")] == ["offered", "waiting"]
    assert fresh(spanish).capacity == roster().capacity == roster().taken == 2
    assert OutgoingMail.objects.get().occasion == "training.offered"


def let_the_time_come(revision):
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()


def test_the_job_publishes_and_settles_at_the_time(session, spanish):
    make_registration(session)
    make_registration(session, "bela", "waiting")
    page = fresh(session)
    page.starts_at, page.ends_at = OTHER_FACTS["starts_at"], OTHER_FACTS["ends_at"]
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    assert roster().starts_at == session.starts_at
    assert fresh(session).live

    let_the_time_come(revision)
    publish_scheduled()
    assert fresh(spanish).starts_at == roster().starts_at == OTHER_FACTS["starts_at"]
    assert registration_of("bela").status == "offered"


def test_a_page_that_goes_public_later_has_no_roster_yet(site):
    session = SessionPageFactory.build()
    session.format.save()
    session.live = False
    site.training.add_child(instance=session)
    session.go_live_at = timezone.now() + timedelta(hours=1)
    session.save_revision().publish()
    assert not fresh(session).live
    assert not Roster.objects.exists()


def test_a_copy_is_another_session(session):
    make_registration(session)
    copy = session.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    copy.save_revision().publish()
    first, second = Roster.objects.order_by("pk")
    assert (first.session_key, second.session_key) == (
        session.translation_key,
        copy.translation_key,
    )
    assert (first.taken, second.taken) == (1, 0)
    assert not second.registrations.exists()


def test_a_page_taken_back_keeps_its_roster_and_takes_nobody(client, session, monkeypatch):
    let_time_pass(monkeypatch)
    answers = filled_in(client, session)
    make_registration(session, "bela")
    session.unpublish()
    assert client.post(session.url, answers).status_code == 404
    assert (roster().taken, roster().registrations.count()) == (1, 1)
    fresh(session).save_revision().publish()
    assert client.post(session.url, answers).status_code == 302
    assert (roster().taken, roster().version) == (2, 0)


# In the reader's language


def test_readers_of_an_untranslated_session_register_in_their_language(
    client, session, monkeypatch
):
    let_time_pass(monkeypatch)
    translate(session.get_parent().specific, "es")
    address = session.url.replace("/en/", "/es/")
    response = client.get(address)
    assert response.status_code == 200
    token = BeautifulSoup(response.content, "html.parser").find("input", {"name": "hub-token"})
    answers = filled_in(client, session) | {"hub-token": token["value"]}
    thanks = client.post(address, answers)
    assert thanks.headers["Location"].startswith(address)
    registration = registration_of()
    assert registration.locale.language_code == "es"
    assert registration.page_id == session.pk
    mail = OutgoingMail.objects.get()
    assert (mail.occasion, mail.language) == ("training.confirmed", "es")


def test_one_roster_for_every_language(client, session, spanish, monkeypatch):
    let_time_pass(monkeypatch)
    change(session, capacity=1)
    register(client, spanish, "amina")
    register(client, session, "bela")
    assert Roster.objects.count() == 1
    assert [registration_of(name).status for name in ("amina", "bela")] == ["confirmed", "waiting"]
    languages = Registration.objects.order_by("pk").values_list("locale__language_code", "page_id")
    assert list(languages) == [("es", spanish.pk), ("en", session.pk)]
    assert sorted(OutgoingMail.objects.values_list("language", flat=True)) == ["en", "es"]

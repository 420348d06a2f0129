"""What the clock does: each person is told once, whatever happens to the worker."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from hub.models import OutgoingMail
from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from training import jobs, seats
from training.jobs import expire_offers, reminders, tell_of_changes, thanks
from training.models import Registration, Roster
from training.sessions import roster_of


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training)


def told(occasion: str = "") -> list[str]:
    """To whom mails were written, of an occasion or of all."""
    mails = OutgoingMail.objects.filter(occasion__startswith=f"training.{occasion}")
    return sorted(mail.to.partition("@")[0] for mail in mails)


def occasions() -> list[str]:
    """What mails were written about, in order, without the app's name."""
    mails = OutgoingMail.objects.order_by("pk")
    return [mail.occasion.removeprefix("training.") for mail in mails]


def take_part(session, name="amina", status="confirmed", **fields):
    """A registration whose person knows the plans, made well before any reminder."""
    long_ago = timezone.now() - timedelta(days=30)
    known = {"status_since": long_ago, "told_plans": roster_of(session).plans}
    return make_registration(session, name, status, **known | fields)


def change(session, **changes):
    """What an editor changes and publishes; the two minutes to think again are over."""
    for name, value in changes.items():
        setattr(session, name, value)
    session.save_revision().publish()
    Roster.objects.update(changed_at=timezone.now() - timedelta(minutes=3))
    session.__dict__.pop("roster", None)


def hours(number: float):
    return timezone.now() + timedelta(hours=number)


@contextmanager
def killed_after_writing(monkeypatch):
    """Within it, the worker dies when mails are written and nothing is committed yet."""

    def write(mails):
        _write(mails)
        raise RuntimeError("killed")

    _write = jobs._write
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_write", write)
        with pytest.raises(RuntimeError, match="killed"):
            yield


# Offers


def test_an_offer_nobody_answers_goes_to_the_next(session, django_assert_num_queries):
    take_part(session, "amina", "offered", offer_expires_at=hours(-1))
    take_part(session, "bela", "waiting")
    Roster.objects.update(capacity=1)
    expire_offers()
    assert registration_of("amina").status == "declined"
    assert registration_of("bela").status == "offered"
    with django_assert_num_queries(1):
        expire_offers()


# Changes of plans


def test_everybody_with_a_part_is_told_of_a_move_once(session):
    take_part(session, "amina")
    take_part(session, "bela", "waiting")
    take_part(session, "chi", "offered", offer_expires_at=hours(24))
    take_part(session, "dora", "cancelled")
    change(session, starts_at=hours(72), capacity=2)
    for _time in range(2):
        tell_of_changes()
    assert told() == told("changed") == ["amina", "bela", "chi"]
    sequences = Registration.objects.order_by("pk").values_list("sequence", flat=True)
    assert list(sequences) == [1, 0, 0, 0]
    assert set(Registration.objects.active().values_list("told_version", flat=True)) == {1}
    assert registration_of("amina").told_plans == Roster.objects.get().plans


def test_an_editor_has_two_minutes_to_mend_a_slip(session):
    starts_at = session.starts_at
    take_part(session)
    session.starts_at = hours(48)
    session.save_revision().publish()
    tell_of_changes()
    assert told() == []
    change(session, starts_at=starts_at)
    tell_of_changes()
    assert told() == []
    amina = registration_of()
    assert (amina.told_version, amina.sequence) == (2, 0)


def test_who_registered_during_the_slip_is_told(session):
    session.save_revision().publish()
    starts_at = session.starts_at
    change(session, starts_at=hours(48))
    take_part(session)
    change(session, starts_at=starts_at)
    tell_of_changes()
    assert told("changed") == ["amina"]


def test_a_cancelled_session_and_one_that_takes_place_after_all_are_told_as_such(session):
    take_part(session)
    for changes in (
        {"is_cancelled": True},
        {"starts_at": hours(96)},  # of no interest while it is cancelled
        {"is_cancelled": False},
        {"joining_url": "https://meet.example.org/circle"},
    ):
        change(session, **changes)
        tell_of_changes()
    assert occasions() == ["session_cancelled", "reinstated", "changed"]
    assert registration_of().sequence == 3


def test_who_was_never_told_of_a_cancellation_is_not_told_that_it_was_taken_back(session):
    take_part(session)
    change(session, is_cancelled=True)
    change(session, is_cancelled=False)
    tell_of_changes()
    assert occasions() == []


def test_the_way_in_is_told_to_those_with_a_seat_alone(session):
    take_part(session, "amina")
    take_part(session, "bela", "waiting")
    change(session, joining_url="https://meet.example.org/circle", capacity=1)
    tell_of_changes()
    assert told() == told("changed") == ["amina"]
    assert registration_of("bela").told_version == 1


def test_nobody_is_told_of_a_change_to_what_is_over(session):
    take_part(session)
    change(session, starts_at=hours(-3), ends_at=hours(-2))
    tell_of_changes()
    assert told() == []


def test_a_change_of_seats_and_words_is_no_news(session):
    take_part(session)
    change(session, capacity=50, title="Another title", retention_months=6)
    tell_of_changes()
    assert told() == []


def test_a_worker_killed_in_the_middle_tells_nobody_twice(session, monkeypatch):
    take_part(session)
    change(session, starts_at=hours(72))
    with killed_after_writing(monkeypatch):
        tell_of_changes()
    assert told() == []
    assert registration_of().told_version == 0
    tell_of_changes()
    assert told() == ["amina"]
    assert registration_of().sequence == 1


def test_many_are_told_batch_by_batch(session, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    session.save_revision().publish()
    for name in ("amina", "bela", "chi"):
        take_part(session, name)
    change(session, starts_at=hours(72))
    tell_of_changes()
    assert told() == ["amina", "bela"]
    tell_of_changes()
    assert told() == ["amina", "bela", "chi"]


# One INSERT holds no more than 49 mails on SQLite.
@pytest.mark.parametrize("number", [1, 3, 49])
def test_telling_costs_as_much_for_many_as_for_one(session, number, django_assert_num_queries):
    session.save_revision().publish()
    for position in range(number):
        take_part(session, f"person{position}")
    with django_assert_num_queries(1):
        tell_of_changes()
    change(session, starts_at=hours(72))
    with django_assert_num_queries(9):
        tell_of_changes()
    assert len(told()) == number
    with django_assert_num_queries(1):
        tell_of_changes()


# Reminders


def test_those_with_a_seat_are_reminded_at_the_editors_times(site):
    session = SessionPageFactory(parent=site.training, starts_at=hours(25))
    take_part(session, "amina")
    take_part(session, "bela", "waiting")
    take_part(session, "chi", "offered")
    take_part(session, "dora", "cancelled")
    reminders()
    assert told() == []
    for start in (23.9, 23.8, 0.9, 0.8):
        Roster.objects.update(starts_at=hours(start))
        reminders()
    assert told("reminder") == ["amina", "amina"]
    assert sorted(mail.key.split(":")[2] for mail in OutgoingMail.objects.all()) == ["1", "24"]


@pytest.mark.parametrize(
    "facts",
    [
        {"is_cancelled": True},
        {"starts_at": timezone.now() - timedelta(minutes=1)},
        {"reminder_hours": []},
        # Told of the change since then, which says the same.
        {"changed_at": timezone.now()},
    ],
)
def test_nobody_is_reminded_in_vain(site, facts):
    session = SessionPageFactory(parent=site.training, starts_at=hours(23))
    take_part(session)
    Roster.objects.update(**facts)
    reminders()
    assert told() == []


def test_who_got_the_seat_since_then_is_not_reminded(site):
    session = SessionPageFactory(parent=site.training, starts_at=hours(23))
    take_part(session, "amina", status_since=hours(-1.1))
    take_part(session, "bela", status_since=hours(-0.9))
    reminders()
    assert told() == ["amina"]


def test_of_two_missed_reminders_the_latest_is_sent(site):
    session = SessionPageFactory(parent=site.training, starts_at=hours(0.5))
    take_part(session)
    for _time in range(2):
        reminders()
    assert [mail.key.split(":")[2] for mail in OutgoingMail.objects.all()] == ["1"]


def test_a_session_moved_to_another_day_is_reminded_of_anew(site):
    session = SessionPageFactory(parent=site.training, starts_at=hours(23))
    take_part(session)
    reminders()
    # Published two days ago, that it starts a week later; and a week goes by.
    Roster.objects.update(starts_at=hours(23 + 7 * 24), changed_at=hours(-48))
    reminders()
    assert told() == ["amina"]
    Roster.objects.update(reminded_at=hours(-8 * 24), starts_at=hours(22.5))
    OutgoingMail.objects.update(key="training.reminder:of-last-week")
    reminders()
    assert told() == ["amina", "amina"]


def test_a_worker_killed_in_the_middle_reminds_nobody_twice(site, monkeypatch):
    session = SessionPageFactory(parent=site.training, starts_at=hours(23))
    take_part(session)
    with killed_after_writing(monkeypatch):
        reminders()
    assert told() == []
    reminders()
    assert told() == ["amina"]


def test_two_workers_at_once_remind_once(site, monkeypatch):
    session = SessionPageFactory(parent=site.training, starts_at=hours(23))
    take_part(session)
    stale = Roster.objects.get()
    reminders()
    jobs._remind(stale, 24)
    assert told() == ["amina"]


@pytest.mark.parametrize("number", [1, 3, 49])
def test_reminding_costs_as_much_for_many_as_for_one(site, number, django_assert_num_queries):
    session = SessionPageFactory(parent=site.training, starts_at=hours(23))
    for position in range(number):
        take_part(session, f"person{position}")
    with django_assert_num_queries(7):
        reminders()
    assert len(told()) == number
    with django_assert_num_queries(1):
        reminders()


# Thanks


def over(site, **fields):
    return SessionPageFactory(
        parent=site.training, starts_at=hours(-3), ends_at=hours(-1), **fields
    )


def test_those_who_were_expected_are_thanked_once_there_is_a_recording(site):
    session = over(site)
    for name, status in {
        "amina": "confirmed",
        "bela": "attended",
        "chi": "no-show",
        "dora": "waiting",
        "emeka": "cancelled",
        "fatou": "declined",
    }.items():
        take_part(session, name, status)
    thanks()
    assert told() == []
    change(session, recording_url="https://video.example.org/circle")
    for _time in range(2):
        thanks()
    assert told() == told("thanks") == ["amina", "bela", "chi"]


def test_a_summary_will_do_and_so_will_a_week(site):
    written_up, silent = over(site), over(site)
    take_part(written_up, "amina")
    take_part(silent, "bela")
    change(written_up, write_up=[("rich_text", "<p>We spoke of walls.</p>")])
    thanks()
    assert told() == ["amina"]
    Roster.objects.filter(session_key=silent.translation_key).update(ends_at=hours(-7 * 24 - 1))
    thanks()
    assert told() == ["amina", "bela"]


@pytest.mark.parametrize("facts", [{"is_cancelled": True}, {"ends_at": hours(1)}])
def test_nobody_is_thanked_for_what_did_not_take_place(site, facts):
    session = over(site, recording_url="https://video.example.org/circle")
    take_part(session)
    Roster.objects.update(**facts)
    thanks()
    assert told() == []


def test_a_worker_killed_in_the_middle_thanks_nobody_twice(site, monkeypatch):
    take_part(over(site, recording_url="https://video.example.org/circle"))
    with killed_after_writing(monkeypatch):
        thanks()
    assert (told(), Roster.objects.get().thanked_at) == ([], None)
    stale = Roster.objects.get()
    thanks()
    jobs._thank(stale)
    assert told() == ["amina"]


@pytest.mark.parametrize("number", [1, 3, 49])
def test_thanking_costs_as_much_for_many_as_for_one(site, number, django_assert_num_queries):
    session = over(site)
    for position in range(number):
        take_part(session, f"person{position}")
    with django_assert_num_queries(2):
        thanks()
    change(session, recording_url="https://video.example.org/circle")
    with django_assert_num_queries(8):
        thanks()
    assert len(told()) == number
    with django_assert_num_queries(1):
        thanks()


def test_the_plans_somebody_was_given_with_the_seat_are_those_they_know(session):
    session.save_revision().publish()
    bela = take_part(session, "bela", "waiting", told_plans={})
    seats.change(bela, "confirmed")
    assert registration_of("bela").told_plans == Roster.objects.get().plans

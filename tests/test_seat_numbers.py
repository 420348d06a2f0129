"""The number of seats: changed by editors, and always right whatever happens."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from hub.jobs import publish_scheduled
from hub.models.pages import CannotPublish
from tests.factories import SessionPageFactory
from tests.registering import make_registration, registration_of
from tests.seating import (
    ALLOWED,
    full_session,
    holding,
    in_an_hour,
    new_registration,
    statuses,
    taken,
)
from training import seats
from training.models import Registration, RegistrationStatus, Roster
from training.models.registration import HOLDING


@pytest.fixture
def full(site):
    return full_session(site)


# The number of seats


def test_more_seats_are_offered_at_once_to_as_many(full):
    full.capacity = 4
    full.save_revision().publish()
    assert statuses("chi", "dawit", "elif") == ["offered", "offered", "waiting"]
    assert taken(full) == 4


def test_without_a_limit_everybody_in_line_is_offered_a_seat(full):
    full.capacity = None
    full.save_revision().publish()
    assert statuses("chi", "dawit", "elif") == 3 * ["offered"]
    assert taken(full) == 5


def test_fewer_seats_than_are_taken_are_refused(full):
    roster = Roster.objects.get()
    with pytest.raises(seats.Refused, match="2 seats are taken") as refusal:
        seats.set_capacity(roster, 1)
    assert "cancel registrations first" in refusal.value.message
    assert Roster.objects.get().capacity == roster.capacity == 2


def test_fewer_seats_than_are_taken_are_not_published(full):
    full.capacity = 1
    revision = full.save_revision()
    with pytest.raises(CannotPublish, match="2 seats are taken"):
        revision.publish()
    full.refresh_from_db()
    assert full.capacity == Roster.objects.get().capacity == 2


def test_as_few_seats_as_are_taken_are_published(full):
    full.capacity = 20
    full.save_revision().publish()
    for name in ("chi", "dawit", "elif"):
        seats.withdraw(registration_of(name))
    full.capacity = 2
    full.save_revision().publish()
    assert Roster.objects.get().capacity == 2


def test_fewer_seats_than_are_taken_are_not_published_at_their_time_either(full, caplog):
    full.save_revision().publish()
    full.refresh_from_db()
    full.capacity, full.go_live_at = 1, in_an_hour()
    revision = full.save_revision()
    seats.withdraw(registration_of("amina"))
    for name in ("chi", "dawit", "elif"):
        seats.withdraw(registration_of(name))
    revision.publish()
    make_registration(full, "fatou")
    type(revision).objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(seconds=1)
    )
    with pytest.raises(CannotPublish, match="2 seats are taken"):
        publish_scheduled()
    assert "could not be published at its time" in caplog.text
    full.refresh_from_db()
    assert full.capacity == Roster.objects.get().capacity == 2


# Anything, in any order


class Model:
    """What should become of a session's people, in the simplest words."""

    def __init__(self, capacity: int):
        self.capacity: int | None = capacity
        self.people: dict[int, tuple[str, str]] = {}  # id: (name, status), in order of coming

    @property
    def taken(self) -> int:
        return sum(status in HOLDING for _name, status in self.people.values())

    @property
    def has_room(self) -> bool:
        return self.capacity is None or self.taken < self.capacity

    def has(self, name: str) -> bool:
        active = {*HOLDING, "waiting"}
        return any(own == name and status in active for own, status in self.people.values())

    def put(self, number: int, status: str):
        self.people[number] = (self.people[number][0], status)
        self.fill()

    def fill(self):
        for number, (_name, status) in self.people.items():
            if status == "waiting" and self.has_room:
                self.people[number] = (self.people[number][0], "offered")


def come(model: Model, page, roster: Roster, luck: random.Random):
    name = f"person{luck.randrange(25)}"
    registration = new_registration(page, name)
    if model.has(name):
        with pytest.raises(seats.AlreadyRegistered):
            seats.place(registration, roster)
        return
    status = "confirmed" if model.has_room else "waiting"
    with transaction.atomic():
        seats.place(registration, roster)
        registration.save(force_insert=True)
    model.people[registration.pk] = (name, status)


def step(model: Model, page, roster: Roster, luck: random.Random):
    """Tries any status for anybody."""
    if not model.people:
        return
    number = luck.choice(list(model.people))
    former, status = model.people[number][1], luck.choice(list(RegistrationStatus))
    registration = Registration.objects.get(pk=number)
    takes_seat = status in HOLDING and former not in HOLDING
    if status in ALLOWED[former] and (model.has_room or not takes_seat):
        seats.change(registration, status)
        model.put(number, str(status))
    else:
        with pytest.raises(seats.Refused):
            seats.change(registration, status)


def let_offer_expire(model: Model, page, roster: Roster, luck: random.Random):
    offered = [number for number, (_name, status) in model.people.items() if status == "offered"]
    if offered:
        number = luck.choice(offered)
        Registration.objects.filter(pk=number).update(offer_expires_at=timezone.now())
        assert seats.expire_offers() == 1
        model.put(number, "declined")


def change_capacity(model: Model, page, roster: Roster, luck: random.Random):
    capacity = luck.choice([None, *range(1, 13)])
    if capacity is not None and capacity < model.taken:
        with pytest.raises(seats.Refused), transaction.atomic():
            seats.set_capacity(roster, capacity)
    else:
        seats.set_capacity(roster, capacity)
        model.capacity = capacity
        model.fill()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_every_seat_is_held_by_somebody(site, seed):
    luck = random.Random(seed)  # noqa: S311 - to be the same every time
    page = SessionPageFactory(parent=site.training, capacity=5)
    page.save_revision().publish()
    roster = Roster.objects.get()
    model = Model(capacity=5)
    seen = set()
    for _number in range(300):
        happening = luck.choices(
            [come, step, let_offer_expire, change_capacity], weights=[6, 4, 2, 1]
        )[0]
        happening(model, page, roster, luck)
        stored = dict(Registration.objects.values_list("pk", "status"))
        assert stored == {number: status for number, (_name, status) in model.people.items()}
        roster.refresh_from_db()
        assert roster.taken == holding(roster) == model.taken
        assert roster.capacity is None or roster.taken <= roster.capacity
        assert not (model.has_room and "waiting" in stored.values())
        seen |= set(stored.values())
    assert seen == set(RegistrationStatus)

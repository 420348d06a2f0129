"""Many people register at once, and the server is killed while they do: no seat is lost or sold twice.

With production's settings, in processes of its own, on PostgreSQL with Redis and on SQLite with files.
"""

import itertools
import json
import os
import random
import resource
import signal
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from tests.registering import ANSWERS
from tests.stack.installation import Installation
from training.models.registration import HOLDING

CLIENTS = 32
SEATS = 20
RUNS = 20
KILLS = 200
# Besides those of the runs: three for other tests, and enough for those who register while the
# server is killed, because one form takes no more than 600 posts in ten minutes.
OTHERS = 10

OPEN_SESSIONS = f"""
import json
from tests.registering import open_sessions
sessions = open_sessions({RUNS + OTHERS}, capacity={SEATS})
print(json.dumps([[page.url, str(page.translation_key)] for page in sessions]))
"""


class Session:
    """A session of a hub that runs, as visitors and the database see it."""

    def __init__(self, hub: Installation, path: str, key: str):
        self.hub = hub
        self.path = path
        self.key = uuid.UUID(key)
        # SQLite keeps them without the hyphens.
        stored = self.key.hex if hub.is_on_sqlite else self.key
        ((self.number,),) = hub.query(
            "SELECT id FROM training_roster WHERE session_key = %s", stored
        )

    def form(self, name: str) -> str:
        """What a browser sends that showed the form a minute ago."""
        own = {"hub-token": self.hub.form_token(self.key), "hub-email": f"{name}@example.org"}
        return urlencode(ANSWERS | own)

    def send(self, form: str):
        """The answer to a form from an address that nobody else has."""
        here = f"203.0.{random.randrange(256)}.{random.randrange(256)}"
        return self.hub.request(
            "POST",
            self.path,
            form,
            **{"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": here},
        )

    @property
    def taken(self) -> int:
        return self._one("SELECT taken FROM training_roster WHERE id = %s")

    @property
    def capacity(self) -> int | None:
        return self._one("SELECT capacity FROM training_roster WHERE id = %s")

    @property
    def mails(self) -> int:
        return self._one(
            "SELECT count(*) FROM hub_outgoingmail m JOIN training_registration r"
            " ON r.submission_ptr_id = m.submission_id WHERE r.roster_id = %s"
        )

    def statuses(self) -> dict[str, str]:
        """The status of everybody who is stored, by address."""
        rows = self.hub.query(
            "SELECT s.address, r.status FROM training_registration r"
            " JOIN hub_submission s ON s.id = r.submission_ptr_id WHERE r.roster_id = %s",
            self.number,
        )
        assert len(rows) == len(dict(rows)), "Somebody is stored twice."
        return dict(rows)

    def set_capacity(self, capacity: int | None):
        self.hub.query(
            "UPDATE training_roster SET capacity = %s WHERE id = %s", capacity, self.number
        )

    def _one(self, sql: str):
        return self.hub.query(sql, self.number)[0][0]


def outcome(answer) -> str:
    """What the visitor is told: "confirmed" or "waiting"."""
    assert answer.status == 302, (answer.status, answer.text[:500])
    return answer.headers["Location"].partition("?sent=")[2].partition("%3A")[0]


def holding(statuses: dict[str, str]) -> int:
    return sum(status in HOLDING for status in statuses.values())


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def registering(request, stack, new_hub):
    """A hub with nothing but sessions, behind a proxy that says where visitors come from."""
    if request.param == "postgresql":
        hub = new_hub(template=request.getfixturevalue("migrated"))
    else:
        folder = stack.folder("sqlite-hub")
        hub = Installation(folder, f"sqlite:///{folder / 'hub.sqlite3'}", "", stack.s3_environment)
        hub.manage("migrate", "--verbosity", "0")
    hub.environment["HUB_PROXY_COUNT"] = "1"
    hub.manage("collectstatic", "--no-input", "--verbosity", "0")
    # Their log goes before it.
    lines = hub.manage("shell", "--no-imports", "-c", OPEN_SESSIONS).splitlines()
    hub.sessions = [Session(hub, *session) for session in json.loads(lines[-1])]
    # Workers that are copies of a process which has read everything are there at once when others
    # were killed.
    hub.server = stack.run(hub.web("--preload"))
    yield hub
    hub.server.stop()


@pytest.fixture
def sessions(registering):
    return registering.sessions


def all_at_once(session: Session, names: list[str]) -> dict[str, str]:
    """The outcome for each, who all send their form at the same moment."""
    forms = {name: session.form(name) for name in names}
    moment = threading.Barrier(len(names))

    def send(name: str):
        moment.wait(timeout=30)
        return session.send(forms[name])

    with ThreadPoolExecutor(len(names)) as clients:
        return dict(zip(names, map(outcome, clients.map(send, names)), strict=True))


def test_every_seat_is_sold_once_and_every_person_stored(sessions):
    """32 clients at once for 20 seats, 20 times."""
    for session in sessions[:RUNS]:
        told = all_at_once(session, [f"visitor{number}" for number in range(CLIENTS)])
        assert Counter(told.values()) == {"confirmed": SEATS, "waiting": CLIENTS - SEATS}
        stored = session.statuses()
        assert stored == {f"{name}@example.org": status for name, status in told.items()}
        assert session.taken == SEATS
        assert session.mails == CLIENTS


def test_one_person_who_registers_in_many_windows_has_one_seat(sessions):
    session = sessions[RUNS]
    moment = threading.Barrier(8)

    def send(form: str):
        moment.wait(timeout=30)
        return outcome(session.send(form))

    with ThreadPoolExecutor(8) as windows:
        told = list(windows.map(send, [session.form("amina") for _window in range(8)]))
    assert told == ["confirmed"] * 8
    assert session.statuses() == {"amina@example.org": "confirmed"}
    assert session.taken == 1


# Waits for a file, so that several begin together.
STAFF = """
import pathlib, random, time
from django.db import transaction
from training import seats
from training.models import Registration, Roster
while not pathlib.Path({go!r}).exists():
    time.sleep(0.01)
deadline = time.monotonic() + 4
roster = Roster.objects.get(pk={roster})
while time.monotonic() < deadline:
    {work}
"""
GIVE_UP = """
    found = Registration.objects.filter(roster=roster, status__in=seats.HOLDING).order_by("?").first()
    try:
        found and seats.withdraw(found)
    except seats.Refused:
        pass
"""
ACCEPT = """
    found = Registration.objects.filter(roster=roster, status="offered").order_by("?").first()
    try:
        found and seats.change(found, "confirmed")
    except seats.Refused:
        pass
"""
CHANGE_CAPACITY = """
    try:
        with transaction.atomic():
            seats.set_capacity(roster, random.randrange(1, 12))
    except seats.Refused:
        pass
    time.sleep(0.05)
"""


def test_seats_are_right_while_people_come_and_go_and_seats_are_added(registering, sessions):
    session = sessions[RUNS + 1]
    session.set_capacity(4)
    go = registering.folder / "go"
    scripts = [
        STAFF.format(go=str(go), roster=session.number, work=work.strip())
        for work in (GIVE_UP, GIVE_UP, ACCEPT, CHANGE_CAPACITY)
    ]
    processes = [
        registering.start("manage.py", "shell", "--no-imports", "-c", script) for script in scripts
    ]
    time.sleep(3)  # until all of them wait
    go.touch()
    names = [f"visitor{number}" for number in range(200)]
    with ThreadPoolExecutor(8) as clients:
        told = list(clients.map(lambda name: outcome(session.send(session.form(name))), names))
    for process in processes:
        output, _errors = process.communicate(timeout=60)
        assert process.returncode == 0, output

    stored = session.statuses()
    assert len(stored) == len(told) == 200
    assert set(told) == {"confirmed", "waiting"}
    assert "cancelled" in stored.values()
    assert session.taken == holding(stored) <= session.capacity
    has_room = session.taken < session.capacity
    assert not (has_room and "waiting" in stored.values()), Counter(stored.values())


JOIN_SLOWLY = """
import pathlib, time
from django.db import transaction
from training import seats
from training.models import Registration, Roster
roster = Roster.objects.get(pk={roster})
page = roster.source_page
bela = Registration(
    page_id=page.pk, locale_id=page.locale_id, form_data={{}}, address="bela@example.org",
    idempotency_key="bela", retained_until=page.retained_until(),
)
with transaction.atomic():
    seats.place(bela, roster)
    pathlib.Path({go!r}).touch()
    time.sleep(1)
    bela.save(force_insert=True)
"""
GIVE_UP_MEANWHILE = """
import pathlib, time
from training import seats
from training.models import Registration
amina = Registration.objects.get(roster={roster}, address="amina@example.org")
while not pathlib.Path({go!r}).exists():
    time.sleep(0.01)
seats.withdraw(amina)
"""


def test_a_seat_given_up_while_somebody_joins_the_line_is_offered_to_them(registering, sessions):
    session = sessions[RUNS + 2]
    session.set_capacity(1)
    assert outcome(session.send(session.form("amina"))) == "confirmed"
    values = {"roster": session.number, "go": str(registering.folder / "placed")}
    processes = [
        registering.start("manage.py", "shell", "--no-imports", "-c", script.format(**values))
        for script in (JOIN_SLOWLY, GIVE_UP_MEANWHILE)
    ]
    for process in processes:
        output, _errors = process.communicate(timeout=60)
        assert process.returncode == 0, output
    assert session.statuses() == {"amina@example.org": "cancelled", "bela@example.org": "offered"}
    assert session.taken == 1


class Crowd:
    """People who register one after the other, each sending their form until it is answered."""

    def __init__(self, sessions: list[Session]):
        self.numbers = itertools.count()
        self.sessions = itertools.cycle(sessions)
        self.acknowledged: dict[Session, set[str]] = {session: set() for session in sessions}
        self.answers = Counter()
        self.has_left = threading.Event()

    def go_on(self):
        while not self.has_left.is_set():
            session, name = next(self.sessions), f"visitor{next(self.numbers)}"
            form = session.form(name)
            while not self.has_left.is_set():
                try:
                    answer = session.send(form)
                except (OSError, HTTPException):
                    self.answers["none"] += 1
                    time.sleep(0.01)
                    continue
                self.answers[answer.status] += 1
                if answer.status == 302:
                    self.acknowledged[session].add(f"{name}@example.org")
                break


def test_nobody_who_was_told_they_are_in_is_lost_when_workers_are_killed(registering, sessions):
    """200 times `kill -9` of a worker process that is answering forms; gunicorn starts the next."""
    chosen = sessions[RUNS + 3 :]
    for session in chosen:
        session.set_capacity(None)
    crowd = Crowd(chosen)
    with ThreadPoolExecutor(8) as people:
        running = [people.submit(crowd.go_on) for _person in range(8)]
        try:
            for _time in range(KILLS):
                seen, deadline = crowd.answers[302], time.monotonic() + 30
                while crowd.answers[302] < seen + 2:
                    assert time.monotonic() < deadline, "Nobody is answered any more."
                    time.sleep(0.005)
                time.sleep(random.random() / 50)
                os.kill(random.choice(registering.server.children()), signal.SIGKILL)
        finally:
            crowd.has_left.set()
        for person in running:
            person.result()

    assert set(crowd.answers) == {302, "none"}, crowd.answers
    for session in chosen:
        stored = session.statuses()
        assert crowd.acknowledged[session] <= stored.keys()
        assert set(stored.values()) == {"confirmed"}
        assert session.taken == len(stored) == session.mails


def test_without_a_mail_server_registrations_are_taken_and_mails_wait(registering, sessions):
    """The address of the hub's mail server is one where nobody listens."""
    session = sessions[RUNS]
    registering.query("DELETE FROM hub_outgoingmail")
    assert outcome(session.send(session.form("bela"))) == "confirmed"
    registering.manage("work", "--once")
    mails = registering.query('SELECT "to", state FROM hub_outgoingmail')
    assert mails == [("bela@example.org", "waiting")]


@pytest.fixture
def full_disk(registering):
    """Lets the web server write nothing more, until the test ends or calls what it is given."""
    if not registering.is_on_sqlite:
        pytest.skip("PostgreSQL writes for itself.")
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def limit(limits):
        for worker in registering.server.children():
            resource.prlimit(worker, resource.RLIMIT_FSIZE, limits)

    limit((0, resource.RLIM_INFINITY))
    yield lambda: limit(unlimited)
    limit(unlimited)


def test_on_a_full_disk_nobody_is_told_they_are_in_or_half_stored(sessions, full_disk):
    session = sessions[RUNS]
    before = session.statuses(), session.taken, session.mails
    form = session.form("chi")
    answers = [session.send(form) for _time in range(4)]
    assert [answer.status for answer in answers] == [500] * 4
    assert BeautifulSoup(answers[0].text, "html.parser").h1
    assert (session.statuses(), session.taken, session.mails) == before
    full_disk()
    assert outcome(session.send(form)) == "confirmed"
    assert session.statuses() == before[0] | {"chi@example.org": "confirmed"}

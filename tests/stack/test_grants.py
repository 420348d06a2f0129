"""Many write, send and decide at once, and the server is killed meanwhile: nothing is lost or doubled.

With production's settings, in processes of its own, on PostgreSQL with Redis and S3, and on SQLite with
files.
"""

import json
import os
import random
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.asking import ANSWERS, closes_in
from tests.stack.crowd import Crowd, assert_nothing_is_lost
from tests.stack.installation import Answer, Installation

CLIENTS = 16
# As many as are set aside beside one draft, and one less, so that none has to go.
TEXTS = 4
DRAFTS = 6
RACES = 10
KILLS = 25
CRASHES = 3
BUCKET = "hub-private-grants"

# What two of the staff, or one of them and an applicant, do to the same request at the same moment.
RACING = {
    "decide": ("decline(olu)", "award(ola)"),
    "withdraw": ("decisions.withdraw(request, actor=states.Actor.APPLICANT)", "award(ola)"),
    "ask": ("reviews.ask(request, rosa, user=olu)", "reviews.ask(request, rene, user=ola)"),
}

OPEN_FUND = f"""
import json
from funding import reviews
from hub.forms import links
from tests import asking
fund = asking.open_fund_alone()
olu, ola = asking.officer("olu"), asking.officer("ola")
rana, rosa, rene = (asking.reviewer(name) for name in ("rana", "rosa", "rene"))
def draft(number):
    made = asking.make_request(fund.form, f"draft-{{number}}", "draft")
    return [made.pk, links.token_for(made)]
def asked(race, number):
    made = asking.make_request(fund.form, f"{{race}}-{{number}}")
    if race == "ask":
        reviews.ask(made, rana, user=olu)
    return made.pk
print(json.dumps({{
    "path": fund.form.url,
    "key": str(fund.form.translation_key),
    "drafts": [draft(number) for number in range({2 * DRAFTS})],
    "races": {{race: [asked(race, n) for n in range({RACES})] for race in {list(RACING)}}},
}}))
"""

# Begins when the other is there too, and takes each step at an agreed moment.
RACER = """
import json, pathlib, time
from funding import decisions, reviews, states
from funding.models import Decision, GrantRequest
from hub.models import User
olu, ola, rosa, rene = (
    User.objects.get(username=name) for name in ("olu", "ola", "rosa", "rene")
)
def decide(user, outcome):
    decisions.decide(request, outcome, subject="Subject", letter="Letter", user=user)
def decline(user):
    decide(user, decisions.Outcome(Decision.Kind.DECLINE, reasons=["any"]))
def award(user):
    decide(user, decisions.Outcome(Decision.Kind.AWARD, amount=3800, currency="USD"))
folder, me, told = pathlib.Path({folder!r}), {me}, {{}}
(folder / f"ready-{{me}}").touch()
while not (folder / "ready-0").exists() or not (folder / "ready-1").exists():
    time.sleep(0.005)
moment = time.time() + 0.2
for race, works in {racing}.items():
    told[race] = []
    for key in {races}[race]:
        request = GrantRequest.objects.get(pk=key)
        time.sleep(max(0, moment - time.time()))
        moment += 0.1
        try:
            eval(works[me])
            told[race].append("done")
        except states.Refused as refusal:
            told[race].append(refusal.messages[0])
print(json.dumps(told))
"""

FORM = "application/x-www-form-urlencoded"
CHANGED = "This request has changed in the meantime, so that is no longer possible."
ENOUGH = "Two reviewers have been asked already."


class Fund:
    """A fund of a hub that runs, as applicants and the database see it."""

    def __init__(self, hub: Installation, opened: dict):
        self.hub = hub
        self.path, self.key, self.races = opened["path"], opened["key"], opened["races"]
        self.drafts = iter(opened["drafts"])

    def form(self, goal: str, do: str, **more) -> dict:
        """What a browser sends that showed the form a minute ago."""
        own = {"hub-token": self.hub.form_token(self.key), "hub-closes": closes_in(40)}
        return ANSWERS | own | {"hub-goal": goal, "hub-do": do} | more

    def post(self, path: str, form: dict, file: bytes = b"") -> Answer:
        """The answer to a form from an address that nobody else has."""
        here = f"203.0.{random.randrange(256)}.{random.randrange(256)}"
        kind, body = multipart(form, file) if file else (FORM, urlencode(form))
        headers = {"Content-Type": kind, "X-Forwarded-For": here}
        return self.hub.request("POST", path, body, **headers)

    def draft(self) -> tuple[int, str]:
        """The number and the private address of a draft that nobody has touched."""
        number, token = next(self.drafts)
        return number, f"/en/request/{token}/"

    def goals(self, number: int) -> list[str]:
        """What a draft says is to change, and what is set aside beside it."""
        ((typed, others),) = self.hub.query(
            "SELECT typed, set_aside FROM funding_grantrequest WHERE submission_ptr_id = %s", number
        )
        if self.hub.is_on_sqlite:
            typed, others = json.loads(typed), json.loads(others)
        return [typed["hub-goal"], *(entry["typed"]["hub-goal"] for entry in others)]

    def status(self, number: int) -> str:
        return self._all("SELECT status FROM funding_grantrequest WHERE submission_ptr_id", number)[
            0
        ]

    def mails(self, number: int) -> list[str]:
        """The occasions of all mails about a request."""
        return sorted(
            self._all("SELECT occasion FROM hub_outgoingmail WHERE submission_id", number)
        )

    def decisions(self, number: int) -> list[str]:
        return self._all("SELECT kind FROM funding_decision WHERE request_id", number)

    def reviews(self, number: int) -> int:
        return len(self._all("SELECT id FROM funding_review WHERE request_id", number))

    def _all(self, start: str, number: int) -> list:
        return [value for (value,) in self.hub.query(f"{start} = %s", number)]


def multipart(form: dict, file: bytes) -> tuple[str, bytes]:
    """A form with a file, as a browser sends it: the kind of the content, and the content."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    ]
    head = 'name="hub-files"; filename="plan.txt"\r\nContent-Type: text/plain\r\n\r\n'
    parts.append(f"--{boundary}\r\nContent-Disposition: form-data; {head}")
    body = "".join(parts).encode() + file + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def asking(request, stack, new_hub):
    """A hub with nothing but a fund, behind a proxy that says where visitors come from."""
    if request.param == "postgresql":
        hub = new_hub(template=request.getfixturevalue("migrated"))
        # Of its own, since what has no row here is swept.
        stack.make_bucket(BUCKET)
        hub.environment["S3_PRIVATE_BUCKET"] = BUCKET
    else:
        folder = stack.folder("sqlite-grants")
        hub = Installation(folder, f"sqlite:///{folder / 'hub.sqlite3'}", "", {})
        hub.manage("migrate", "--verbosity", "0")
    hub.environment["HUB_PROXY_COUNT"] = "1"
    hub.manage("collectstatic", "--no-input", "--verbosity", "0")
    # Its log goes before it.
    opened = hub.manage("shell", "--no-imports", "-c", OPEN_FUND).splitlines()[-1]
    hub.fund = Fund(hub, json.loads(opened))
    hub.server = stack.run(hub.web("--preload"))
    yield hub
    hub.server.stop()


@pytest.fixture
def fund(asking):
    return asking.fund


def all_at_once(post, forms: list) -> list[Answer]:
    """The answers to forms that are all sent at the same moment."""
    moment = threading.Barrier(len(forms))

    def send(form):
        moment.wait(timeout=30)
        return post(form)

    with ThreadPoolExecutor(len(forms)) as clients:
        return list(clients.map(send, forms))


def test_words_of_all_who_save_one_draft_at_once_are_kept(fund):
    """Those of the first as the draft, each of the others' once beside it."""
    texts = {f"Text {number}" for number in range(TEXTS)}
    for _draft in range(DRAFTS):
        number, path = fund.draft()
        forms = [
            fund.form(f"Text {client % TEXTS}", "keep", **{"hub-revision": 1})
            for client in range(CLIENTS)
        ]
        answers = all_at_once(lambda form, path=path: fund.post(path, form), forms)
        goals = fund.goals(number)
        assert sorted(goals) == sorted(texts)
        told = {
            (form["hub-goal"], answer.status) for form, answer in zip(forms, answers, strict=True)
        }
        assert told == {(text, 200 if text == goals[0] else 409) for text in texts}


def test_draft_that_is_sent_in_many_windows_is_one_request(fund):
    for _draft in range(DRAFTS):
        number, path = fund.draft()
        form = fund.form("One change", "send", **{"hub-revision": 1})
        answers = all_at_once(lambda form, path=path: fund.post(path, form), [form] * 8)
        assert [answer.headers["Location"] for answer in answers] == [f"{path}?done=sent"] * 8
        assert fund.status(number) == "sent"
        assert fund.mails(number) == ["funding.receipt", "funding.staff"]


def test_open_form_that_is_sent_in_many_windows_is_one_request(fund):
    form = fund.form("Sent at once", "send", **{"hub-email": "windows@example.org"})
    answers = all_at_once(lambda form: fund.post(fund.path, form), [form] * 8)
    assert [answer.status for answer in answers] == [302] * 8
    rows = fund.hub.query("SELECT id FROM hub_submission WHERE address = %s", form["hub-email"])
    assert len(rows) == 1
    assert fund.mails(rows[0][0]) == ["funding.receipt", "funding.staff"]


@pytest.fixture(scope="module")
def raced(asking) -> dict[str, list[tuple[str, str]]]:
    """What each of two was told who did something to the same request, for each of RACES."""
    processes = [
        asking.start(
            *("manage.py", "shell", "--no-imports", "-c"),
            RACER.format(folder=str(asking.folder), me=me, racing=RACING, races=asking.fund.races),
        )
        for me in (0, 1)
    ]
    told = []
    for process in processes:
        output, _errors = process.communicate(timeout=90)
        assert process.returncode == 0, output
        told.append(json.loads(output.splitlines()[-1]))
    return {race: list(zip(told[0][race], told[1][race], strict=True)) for race in RACING}


def test_two_officers_who_decide_at_once_make_one_decision_and_one_letter(fund, raced):
    for number, told in zip(fund.races["decide"], raced["decide"], strict=True):
        assert sorted(told) == sorted(["done", CHANGED])
        kind = "declined" if told[0] == "done" else "awarded"
        assert (fund.status(number), fund.decisions(number)) == (kind, [kind])
        assert fund.mails(number) == [f"funding.{kind}"]


def test_request_that_is_withdrawn_while_it_is_decided_is_one_or_both_in_turn(fund, raced):
    """What was withdrawn is not decided any more; an award can still be handed back."""
    for number, (withdrawn, awarded) in zip(fund.races["withdraw"], raced["withdraw"], strict=True):
        assert {withdrawn, awarded} <= {"done", CHANGED}
        assert "done" in (withdrawn, awarded)
        assert fund.status(number) == ("withdrawn" if withdrawn == "done" else "awarded")
        assert fund.decisions(number) == (["awarded"] if awarded == "done" else [])
        mails = [("funding.awarded", awarded), ("funding.withdrawn", withdrawn)]
        assert fund.mails(number) == [kind for kind, outcome in mails if outcome == "done"]


def test_two_officers_who_ask_a_second_reviewer_at_once_ask_one(fund, raced):
    for number, told in zip(fund.races["ask"], raced["ask"], strict=True):
        assert sorted(told) == sorted(["done", ENOUGH])
        assert fund.reviews(number) == 2
        assert fund.mails(number) == ["funding.review"] * 2


def test_nothing_that_was_said_to_be_kept_is_lost_when_workers_are_killed(asking, fund):
    """25 times `kill -9` of a worker process that is answering forms; gunicorn starts the next."""
    crowd = Crowd(fund)
    with crowd.at_work():
        for _time in range(KILLS):
            crowd.wait_for_answers(3)
            time.sleep(random.random() / 20)
            os.kill(random.choice(asking.server.children()), signal.SIGKILL)
    assert_nothing_is_lost(crowd)


def test_nothing_that_was_said_to_be_kept_is_lost_when_the_whole_server_is_killed(asking, fund):
    """`kill -9` of gunicorn and all its workers; the last time, nobody tries again what was cut off."""
    crowd = Crowd(fund)
    with crowd.at_work():
        for number in range(1, CRASHES + 1):
            crowd.wait_for_answers(10)
            time.sleep(random.random() / 20)
            asking.server.kill()
            if number == CRASHES:
                crowd.has_left.set()
            asking.server.start()
    assert_nothing_is_lost(crowd)

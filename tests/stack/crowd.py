"""Applicants at work while the web server is killed, and what is to be found afterwards."""

import itertools
import json
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException

from tests.stack.installation import Answer

PEOPLE = 6
SAVES = 3
REVISION = re.compile(r'name="hub-revision" value="(\d+)"')


def revision_in(page: Answer) -> int:
    """That of the draft which a page shows."""
    return int(REVISION.search(page.text)[1])


@dataclass
class Kept:
    """What somebody was told is kept: how often they saved, and the revision that made."""

    path: str
    saves: int = 0
    revision: int = 1
    is_sent: bool = False


class Crowd:
    """People who begin a draft with a file and save it some times; every other one is sent.

    Each step is taken again until it is answered.
    """

    # Of all crowds, since a hub may see several.
    numbers = itertools.count()

    def __init__(self, fund):
        self.fund = fund
        # By what is to change, which is another thing for everybody.
        self.kept: dict[str, Kept] = {}
        self.answers = Counter()
        self.has_left = threading.Event()

    @contextmanager
    def at_work(self):
        """Lets them all leave at the end."""
        with ThreadPoolExecutor(PEOPLE) as people:
            running = [people.submit(self._go_on) for _person in range(PEOPLE)]
            try:
                yield
            finally:
                self.has_left.set()
        for person in running:
            person.result()

    def wait_for_answers(self, count: int):
        seen, deadline = self._answered, time.monotonic() + 30
        while self._answered < seen + count:
            assert time.monotonic() < deadline, "Nobody is answered any more."
            time.sleep(0.005)

    @property
    def _answered(self) -> int:
        return self.answers[200] + self.answers[302]

    def _go_on(self):
        while not self.has_left.is_set():
            number = next(self.numbers)
            self._write(f"Change {number}", sends=number % 2)

    def _write(self, goal: str, sends: bool):
        form = self.fund.form(goal, "save", **{"hub-window": words(0)})
        if not (begun := self._ask(self.fund.path, form, b"A plan.")):
            return
        kept = self.kept[goal] = Kept(begun.headers["Location"].partition("?")[0])
        if not (draft := self._ask(kept.path)):
            return
        kept.revision = revision_in(draft)
        for number in range(1, SAVES + 1):
            form |= {"hub-revision": kept.revision, "hub-do": "keep", "hub-window": words(number)}
            if not (answer := self._ask(kept.path, form)):
                return
            kept.saves, kept.revision = number, json.loads(answer.text)["revision"]
        form |= {"hub-revision": kept.revision, "hub-do": "send"}
        if sends and self._ask(kept.path, form):
            kept.is_sent = True

    def _ask(self, path: str, form: dict | None = None, file: bytes = b"") -> Answer | None:
        """The answer, for which a form is sent as often as it takes; None once all have left."""
        get, post = self.fund.hub.get, self.fund.post
        while not self.has_left.is_set():
            try:
                answer = post(path, form, file) if form else get(path)
            except (OSError, HTTPException):
                self.answers["none"] += 1
                time.sleep(0.01)
                continue
            self.answers[answer.status] += 1
            assert answer.status in {200, 302}, (path, form, answer.status)
            return answer
        return None


def words(saves: int) -> str:
    """What a draft says that was saved so often since it was begun."""
    return f"As it was kept {saves} times"


# The rows, and the files that are left by a sweep for which none is too young.
SWEEP = """
import json
from datetime import timedelta
from django.core.files.storage import storages
from funding.models import GrantRequest
from hub import private_files
from hub.models import Attachment
private_files.ORPHANED_AFTER = timedelta()
private_files.sweep()
storage = storages["private"]
files = [
    f"{private_files.FOLDER}/{number:02x}/{name}"
    for number in range(256)
    for name in private_files._names_in(storage, f"{private_files.FOLDER}/{number:02x}")
]
rows = [attachment.path for attachment in Attachment.objects.all()]
requests = {}
for request in GrantRequest.objects.filter(idempotency_key__regex="^[0-9a-f]{32}$"):
    given = request.typed or request.form_data
    requests[given["hub-goal"]] = {
        "number": request.pk,
        "status": request.status,
        "words": given["hub-window"],
        "files": request.attachments.count(),
    }
print(json.dumps({"files": sorted(files), "rows": sorted(rows), "requests": requests}))
"""


def assert_nothing_is_lost(crowd: Crowd):
    """Every row has its file, every file its row once orphans were swept, and whoever was told that
    something is kept finds it."""
    # Its log goes before it.
    lines = crowd.fund.hub.manage("shell", "--no-imports", "-c", SWEEP).splitlines()
    found = json.loads(lines[-1])
    assert found["files"] == found["rows"]
    assert crowd.answers["none"] > 0
    for goal, kept in crowd.kept.items():
        request, page = found["requests"][goal], crowd.fund.hub.get(kept.path)
        # What was done last may not have been answered.
        assert request["words"] in {words(kept.saves), words(kept.saves + 1)}
        assert request["files"] >= 1
        assert page.status == 200
        assert request["words"] in page.text
        if request["status"] == "draft":
            assert not kept.is_sent
            assert revision_in(page) >= kept.revision
            assert crowd.fund.mails(request["number"]) == []
        else:
            assert request["status"] == "sent"
            assert crowd.fund.mails(request["number"]) == ["funding.receipt", "funding.staff"]

"""Many at once, in real processes: nothing is lost, and nothing is done twice."""

import signal
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

import pytest

from tests.stack.contact import filled_in, send, stored


def test_one_form_sent_many_times_at_once_is_taken_once(hub):
    body = filled_in(hub, "amina")
    with ThreadPoolExecutor(12) as senders:
        answers = list(senders.map(lambda _number: send(hub, body), range(12)))
    assert {answer.status for answer in answers} == {302}
    ((number, reference),) = stored(hub, "amina")
    thanks = {answer.headers["Location"].partition("?sent=")[2] for answer in answers}
    assert {text.partition("%3A")[0].partition(":")[0] for text in thanks} == {reference}
    mails = hub.query(
        'SELECT "to" FROM hub_outgoingmail WHERE submission_id = %s ORDER BY "to"', number
    )
    assert mails == [("amina@example.org",), ("hub@example.org",)]


def test_many_forms_sent_at_once_are_all_taken(hub):
    """With different references, and within the limit of one address."""
    bodies = [filled_in(hub, f"visitor{number}") for number in range(6)]
    with ThreadPoolExecutor(6) as senders:
        answers = list(senders.map(lambda body: send(hub, body), bodies))
    assert [answer.status for answer in answers] == [302] * 6
    references = [stored(hub, f"visitor{number}")[0][1] for number in range(6)]
    assert len(set(references)) == 6


# Workers


def put_mails(hub, count: int):
    rows = [(f"mail:{number}", f"visitor{number}@example.org") for number in range(count)]
    for key, to in rows:
        hub.query(
            'INSERT INTO hub_outgoingmail (key, "to", reply_to, occasion, details, subject, text, html,'
            " calendar, language, headers, created_at, state, attempts, next_attempt_at, lease_token,"
            " last_error) VALUES (%s, %s, '', '', '{}', 'Hello', 'Hello', '', '', 'en', '{}', now(),"
            " 'waiting', 0, now(), '', '')",
            key,
            to,
        )


def count_mails(hub, condition: str) -> int:
    return hub.query(f"SELECT count(*) FROM hub_outgoingmail WHERE {condition}")[0][0]


def recipients(folder) -> Counter:
    """How often each address was written to, by the mails in a folder of development's."""
    paths = folder.glob("mail/*.eml")
    return Counter(message_from_bytes(path.read_bytes())["To"] for path in paths)


@pytest.fixture
def start_worker(tmp_path):
    """Starts `manage.py work` for a hub; mail goes to files, unless there is a mail server."""
    workers = []

    def start(hub, mail_server: str = ""):
        variables = {"EMAIL_URL": mail_server} if mail_server else {}
        settings = "production" if mail_server else "dev"
        variables["HUB_DATA_DIR"] = str(tmp_path)
        workers.append(hub.start("manage.py", "work", settings=settings, **variables))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.communicate(timeout=10)


def test_several_workers_send_each_mail_once(new_hub, migrated, start_worker, tmp_path, wait_for):
    hub = new_hub(template=migrated)
    put_mails(hub, 60)
    workers = [start_worker(hub) for _number in range(3)]
    wait_for(lambda: count_mails(hub, "state = 'sent'") == 60, seconds=60)
    for worker in workers:
        worker.terminate()
    assert [worker.wait(timeout=30) for worker in workers] == [0, 0, 0]

    sent = recipients(tmp_path)
    assert len(sent) == 60
    assert set(sent.values()) == {1}
    assert count_mails(hub, "attempts <> 1") == 0


@pytest.fixture
def silent_mail_server():
    """The address of a mail server that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}"


def test_work_of_a_killed_worker_is_taken_over_when_its_lease_ends(
    new_hub, migrated, start_worker, silent_mail_server, tmp_path, wait_for
):
    hub = new_hub(template=migrated)
    put_mails(hub, 3)
    killed = start_worker(hub, silent_mail_server)
    wait_for(lambda: count_mails(hub, "lease_token <> ''"), seconds=60)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(timeout=10) == -signal.SIGKILL

    heir = start_worker(hub)
    others = "SELECT count(*) FROM hub_jobrun WHERE name <> 'deliver_mail' AND last_success_at > %s"
    started = hub.query("SELECT now()")[0][0]
    wait_for(lambda: hub.query(others, started)[0][0] > 0, seconds=60)
    time.sleep(2)
    assert recipients(tmp_path) == {}, "The dead worker's lease has not ended."

    for table in ("hub_jobrun", "hub_outgoingmail"):
        hub.query(
            f"UPDATE {table} SET leased_until = now() - interval '1 second'"
            " WHERE leased_until IS NOT NULL"
        )
    wait_for(lambda: count_mails(hub, "state = 'sent'") == 3, seconds=30)
    heir.terminate()
    assert heir.wait(timeout=30) == 0
    assert recipients(tmp_path) == {f"visitor{number}@example.org": 1 for number in range(3)}
    attempts = hub.query("SELECT attempts FROM hub_outgoingmail ORDER BY attempts")
    assert attempts == [(1,), (1,), (2,)]

"""Jobs by the clock, the worker that runs them, and what says whether it does."""

import json
import signal
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from wagtail.models import Locale, Page

from hub import health, jobs
from hub.mail.outbox import enqueue
from hub.mail.render import Rendered
from hub.management.commands import work
from hub.models import JobRun, OutgoingMail, Submission
from tests import processes


@pytest.fixture
def only(monkeypatch):
    """Replaces all jobs by those that the test declares."""
    jobs.all_jobs()  # or the apps would declare theirs among the test's
    monkeypatch.setattr(jobs, "_jobs", {})
    return jobs.job


def later(**change):
    JobRun.objects.update(**{name: timezone.now() + delta for name, delta in change.items()})


@pytest.mark.django_db
def test_a_job_runs_when_it_is_due_and_not_before(only):
    runs = []

    @only("count", every=timedelta(minutes=5))
    def count():
        runs.append(1)

    assert jobs.run_due() == {"count": True}
    assert jobs.run_due() == {}
    assert len(runs) == 1

    row = JobRun.objects.get()
    assert row.last_success_at is not None
    assert (row.leased_until, row.lease_token, row.last_error) == (None, "", "")
    assert row.run_after - row.last_started_at <= timedelta(minutes=5, seconds=1)
    later(run_after=timedelta(0))
    assert jobs.run_due() == {"count": True}


def test_a_daily_job_runs_at_its_time_of_the_day(only):
    only("morning", every=timedelta(days=1), at=clock(5))(lambda: None)
    (morning,) = jobs.all_jobs()[-1:]
    day = datetime(2022, 3, 22, tzinfo=UTC)

    assert morning.next_run(day + timedelta(hours=4)) == day + timedelta(hours=5)
    assert morning.next_run(day + timedelta(hours=5)) == day + timedelta(days=1, hours=5)
    assert morning.next_run(day + timedelta(hours=9)) == day + timedelta(days=1, hours=5)


@pytest.mark.django_db
def test_a_daily_job_waits_for_its_first_time_and_catches_up_on_one_it_missed(only):
    runs = []
    only("morning", every=timedelta(days=1), at=clock(5))(lambda: runs.append(1))
    jobs.run_due()
    assert runs == []
    later(run_after=timedelta(days=-2))
    jobs.run_due()
    jobs.run_due()

    assert len(runs) == 1
    run_after = JobRun.objects.get().run_after
    assert (run_after.hour, run_after.minute) == (5, 0)
    assert timezone.now() < run_after <= timezone.now() + timedelta(days=1)


@pytest.mark.django_db
def test_a_job_that_fails_says_so_is_tried_again_soon_and_stops_no_other(only):
    @only("broken", every=timedelta(days=1))
    def broken():
        raise RuntimeError("no disk")

    @only("sound", every=timedelta(days=1))
    def sound():
        pass

    assert jobs.run_due() == {"broken": False, "sound": True}
    row = JobRun.objects.get(name="broken")
    assert row.last_error == "RuntimeError: no disk"
    assert row.last_success_at is None
    assert row.leased_until is None
    assert row.run_after <= timezone.now() + jobs.RETRY_AFTER


@pytest.mark.django_db
def test_a_job_that_another_worker_runs_is_left_to_it_until_its_lease_ends(only):
    runs = []

    @only("count", every=timedelta(minutes=5))
    def count():
        runs.append(1)

    (declared,) = jobs.all_jobs()[-1:]
    JobRun.objects.create(name="count", run_after=timezone.now())
    assert jobs._lease(declared)  # a worker takes it and is killed
    assert jobs._lease(declared) == ""
    assert jobs.run_due() == {}

    later(leased_until=timedelta(seconds=-1))
    assert jobs.run_due() == {"count": True}
    assert len(runs) == 1


@pytest.mark.django_db
def test_a_late_workers_outcome_does_not_overwrite_the_next_ones(only):
    def overtaken():
        JobRun.objects.update(lease_token="another worker's")
        raise RuntimeError

    only("slow", every=timedelta(minutes=5))(overtaken)
    assert jobs.run_due() == {"slow": False}

    row = JobRun.objects.get()
    assert row.lease_token == "another worker's"
    assert row.last_error == ""


def test_two_jobs_cannot_have_one_name(only):
    only("same", every=timedelta(days=1))(print)
    with pytest.raises(ValueError, match="two jobs named same"):
        only("same", every=timedelta(days=1))(print)


@pytest.mark.django_db
def test_looking_for_due_jobs_costs_one_query(only, django_assert_num_queries):
    for number in range(3):
        only(f"job{number}", every=timedelta(days=1))(lambda: None)
    jobs.run_due()
    with django_assert_num_queries(1):
        jobs.run_due()


# The hub's own jobs


def test_the_hubs_jobs_are_found():
    names = {found.name: found.every for found in jobs.all_jobs()}

    assert names["deliver_mail"] == timedelta(seconds=5)
    assert names["publish_scheduled"] == timedelta(minutes=1)
    assert {"heartbeat", "delete_expired_submissions", "prune_mail"} <= set(names)


@pytest.mark.django_db
def test_submissions_go_with_their_mails_the_day_after_their_time():
    page = Page.objects.first()
    today = timezone.localdate()
    for key, kept_until in {"gone": today - timedelta(days=1), "kept": today}.items():
        submission = Submission.objects.create(
            page=page,
            locale=Locale.objects.first(),
            form_data={},
            idempotency_key=key,
            retained_until=kept_until,
        )
        enqueue(key, to="a@example.org", mail=Rendered("s", "t", "", "en"), submission=submission)
    jobs.delete_expired_submissions()

    assert Submission.objects.get().idempotency_key == "kept"
    assert OutgoingMail.objects.get().key == "kept"


@pytest.mark.django_db
def test_scheduled_pages_are_published():
    page = Page.objects.filter(depth=2).first()
    page.live = False
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save()
    page.save_revision(approved_go_live_at=page.go_live_at)
    jobs.publish_scheduled()

    page.refresh_from_db()
    assert page.live


# The worker


@pytest.mark.django_db
def test_once_runs_what_is_due_and_fails_if_a_job_does(only):
    only("sound", every=timedelta(days=1))(lambda: None)
    call_command("work", once=True)
    assert JobRun.objects.get().last_success_at is not None

    def broken():
        raise RuntimeError

    only("broken", every=timedelta(days=1))(broken)
    with pytest.raises(CommandError, match="broken"):
        call_command("work", once=True)


def test_the_worker_outlasts_a_database_that_goes_away(monkeypatch, caplog):
    looks, pauses = [], []

    class Stopping:
        def is_set(self):
            return len(looks) == 4

        def wait(self, pause):
            pauses.append(pause)

    def run_due(stop):
        looks.append(1)
        if len(looks) < 4:
            raise OperationalError("server closed the connection")

    monkeypatch.setattr(work, "run_due", run_due)
    monkeypatch.setattr(work, "connection", type("Closed", (), {"close": lambda self: None})())
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    command = work.Command()
    command.stopping = Stopping()
    command._loop()

    assert pauses == [2, 4, 8, 1]
    assert "The database is away" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_sends_mail_and_stops_cleanly_when_told_to(tmp_path, number):
    enqueue("one", to="a@example.org", mail=Rendered("Hello", "Hello\n", "", "en"))
    worker = processes.start(["manage.py", "work"], tmp_path)
    try:
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob("mail/*.eml")):
            assert time.monotonic() < deadline, "No mail was sent within 30 seconds."
            time.sleep(0.2)
        worker.send_signal(number)
        output, _errors = worker.communicate(timeout=10)
    finally:
        worker.kill()

    assert worker.returncode == 0
    assert "The worker has stopped." in output


# Health


@pytest.fixture
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ready(rf):
    response = health.readyz(rf.get("/readyz"))
    assert "no-store" in response["Cache-Control"]
    return response.status_code, json.loads(response.content)["checks"]


@pytest.mark.django_db
def test_readyz_fails_without_a_worker_and_passes_with_one(rf, storage):
    well = {"database": True, "cache": True, "storage": True, "worker": True}
    assert ready(rf) == (503, {**well, "worker": False})

    call_command("work", once=True)
    assert ready(rf) == (200, well)

    later(last_success_at=timedelta(minutes=-3), leased_until=timedelta(minutes=-1))
    assert ready(rf) == (503, {**well, "worker": False})

    later(leased_until=timedelta(minutes=5))  # in the middle of a long job
    assert ready(rf) == (200, well)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["cache", "default_storage", "connection"])
def test_readyz_fails_when_something_it_depends_on_does(rf, storage, monkeypatch, name):
    class Down:
        def __getattr__(self, attribute):
            raise ConnectionError("password=secret")

    call_command("work", once=True)
    monkeypatch.setattr(health, name, Down())
    status, checks = ready(rf)

    failed = {"cache": "cache", "default_storage": "storage", "connection": "database"}[name]
    assert status == 503
    assert [check for check, passed in checks.items() if not passed] == [failed]


def test_healthz_needs_nothing(rf):
    response = health.healthz(rf.get("/healthz"))

    assert (response.status_code, response.content) == (200, b"ok")

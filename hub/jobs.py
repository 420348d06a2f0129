"""Work that is done by the clock, and by exactly one machine at a time.

An app declares its jobs in ``<app>/jobs.py``:

    @job("send_reminders", every=timedelta(minutes=5))
    def send_reminders(): ...

`manage.py work` runs whatever is due. Each job has one row (JobRun) that is taken by a conditional
UPDATE, so any number of machines may run the worker; when one dies in the middle of a job, another
takes the job over as soon as the lease ends. A job may therefore run again after it was cut off:
it must be idempotent, and be done well within its lease.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as dt_time

from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from wagtail.models import Revision

from hub import private_files
from hub.mail import outbox
from hub.models.forms import Submission
from hub.models.jobs import JobRun
from hub.translation import digest, release, submit

logger = logging.getLogger(__name__)

# A failed job is tried again this soon, or at its usual time if that is sooner.
RETRY_AFTER = timedelta(minutes=5)
# The worker counts as stopped when it has done nothing at all for this long.
SILENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Job:
    name: str
    every: timedelta
    lease: timedelta
    run: Callable[[], object]
    at: dt_time | None = None

    def next_run(self, after: datetime) -> datetime:
        """When the job is due again: some time ``after``, or at its time of the day (UTC)."""
        if self.at is None:
            return after + self.every
        today = datetime.combine(after.astimezone(UTC), self.at, tzinfo=UTC)
        return today if today > after else today + timedelta(days=1)


_jobs: dict[str, Job] = {}


def job(
    name: str,
    *,
    every: timedelta,
    lease: timedelta = timedelta(minutes=10),
    at: dt_time | None = None,
):
    """Declares the decorated function as the job ``name``; at most one of that name may exist.

    A daily job may name the time of the day, in UTC, ``at`` which it runs; if no worker ran then, it
    runs as soon as one does.
    """

    def declare(function):
        if name in _jobs:
            raise ValueError(f"There are two jobs named {name}.")
        _jobs[name] = Job(name, every, lease, function, at)
        return function

    return declare


def all_jobs() -> list[Job]:
    """The jobs of every installed app."""
    autodiscover_modules("jobs")
    return list(_jobs.values())


def run_due(stop: Callable[[], bool] = lambda: False) -> dict[str, bool]:
    """Runs every job that is due and that nobody else is running: ``{name: whether it went well}``.

    Returns early once ``stop()`` says so. Costs one query when nothing is due.
    """
    outcomes = {}
    jobs = all_jobs()
    rows = {row.name: row for row in JobRun.objects.filter(name__in=[job.name for job in jobs])}
    for new in (job for job in jobs if job.name not in rows):
        now = timezone.now()
        JobRun.objects.get_or_create(
            name=new.name, defaults={"run_after": new.next_run(now) if new.at else now}
        )
    for due in jobs:
        if stop():
            break
        row = rows.get(due.name)
        if row and not _is_due(row, timezone.now()):
            continue
        token = _lease(due)
        if token:
            outcomes[due.name] = _run(due, token)
    return outcomes


def _is_due(row: JobRun, now: datetime) -> bool:
    return row.run_after <= now and (row.leased_until is None or row.leased_until < now)


def _lease(due: Job) -> str:
    """A token for the job's row, or "" if another worker has it."""
    now, token = timezone.now(), uuid.uuid4().hex
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    taken = JobRun.objects.filter(free, name=due.name, run_after__lte=now).update(
        lease_token=token, leased_until=now + due.lease, last_started_at=now
    )
    return token if taken else ""


def _run(due: Job, token: str) -> bool:
    started = timezone.now()
    try:
        due.run()
    except Exception as error:  # noqa: BLE001 - one job's failure must not stop the others
        logger.exception("The job %s failed.", due.name)
        if not connection.in_atomic_block:
            # What broke may have been the connection, and the outcome is yet to be noted.
            connection.close_if_unusable_or_obsolete()
        outcome = {
            "last_error": f"{type(error).__name__}: {error}"[:1000],
            "run_after": started + min(due.every, RETRY_AFTER),
        }
    else:
        outcome = {
            "last_error": "",
            "last_success_at": timezone.now(),
            "run_after": due.next_run(started),
        }
    noted = JobRun.objects.filter(name=due.name, lease_token=token).update(
        lease_token="", leased_until=None, **outcome
    )
    if not noted:
        logger.warning("The job %s took longer than its lease.", due.name)
    return not outcome["last_error"]


def worker_is_alive() -> bool:
    """Whether a worker has finished a job of late, or is within the lease of one it has begun."""
    now = timezone.now()
    return JobRun.objects.filter(
        Q(last_success_at__gt=now - SILENCE) | Q(leased_until__gte=now)
    ).exists()


# The hub's own jobs


@job("heartbeat", every=timedelta(seconds=20))
def heartbeat():
    """Does nothing; that it was done shows that a worker is running (see hub.health)."""


@job("deliver_mail", every=timedelta(seconds=5))
def deliver_mail():
    outbox.deliver_due()


@job("publish_scheduled", every=timedelta(minutes=1))
def publish_scheduled():
    """Publishes and expires what is due. What cannot be published holds up nothing else."""
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now())
    for revision in due.order_by("approved_go_live_at"):
        try:
            revision.publish(log_action="wagtail.publish.scheduled")
        except Exception:  # noqa: BLE001 - reported by the command below, which tries it again
            logger.exception("“%s” could not be published at its time.", revision.object_str)
    call_command("publish_scheduled")


@job("publish_releases", every=timedelta(minutes=1))
def publish_releases():
    release.publish_due()


@job("delete_expired_submissions", every=timedelta(days=1))
def delete_expired_submissions():
    """Erases what visitors sent, with its mails, the day after it was promised to go."""
    expired = Submission.objects.filter(retained_until__lt=timezone.localdate())
    for kind in expired.by_kind():
        kind.erase()


@job("prune_mail", every=timedelta(days=1))
def prune_mail():
    outbox.prune()


@job("scan_files", every=timedelta(seconds=20))
def scan_files():
    private_files.scan_some()


@job("sweep_files", every=timedelta(days=1))
def sweep_files():
    private_files.sweep()


@job("submit_sections", every=timedelta(seconds=5))
def submit_sections():
    submit.work_through()


@job("translation_digest", every=timedelta(days=1), at=digest.HOUR)
def translation_digest():
    digest.send_all()

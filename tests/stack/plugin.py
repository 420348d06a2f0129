"""Starts the services before Django reads its settings: `pytest -p tests.stack.plugin`.

PostgreSQL and Redis then stand in for SQLite and memory in every test of the run, and the S3 server and
ClamAV are there for the tests in this folder. Without the programs, all tests are skipped with a
sentence; with HUB_REQUIRE_ALL=1 the run fails.

With `--numprocesses` the services belong to the process that hands the tests out. Its workers learn from
their environment where PostgreSQL and Redis are, and each has a database of its own in both; the tests in
this folder, which stop services, are not for them.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from tests.stack.services import Clamd, Missing, Postgres, Redis, Swift

PUBLIC, PRIVATE = "hub-public", "hub-private"
MISSING = "HUB_STACK_MISSING"


class Stack:
    """The services that are running; ``missing`` says why there are none."""

    def __init__(self):
        self.missing = ""
        self._folder: Path | None = None
        self._running = []

    def start(self):
        # Not one of pytest's folders: PostgreSQL's account must be able to enter it.
        self._folder = Path(tempfile.mkdtemp(prefix="hub-stack-"))
        self._folder.chmod(0o755)
        self.postgres = self.run(Postgres(self.folder("postgres")))
        self.redis = self.run(Redis(self.folder("redis")))
        self.clamd = self.run(Clamd(self.folder("clamd")))
        self.swift = self.run(Swift(self.folder("swift")))
        self.make_bucket(PUBLIC, ACL="public-read")
        self.make_bucket(PRIVATE)
        os.environ["DATABASE_URL"] = self.postgres.create("hub")
        os.environ["CACHE_URL"] = self.redis.url(1)

    def join(self, worker: str):
        """Uses what the process that started this one has started; ``worker`` is "gw0" or the like."""
        self.missing = os.environ.get(MISSING, "")
        if not self.missing:
            # pytest-django does the same for PostgreSQL.
            number = int(worker.removeprefix("gw")) + 1
            os.environ["CACHE_URL"] = f"{os.environ['CACHE_URL'].rpartition('/')[0]}/{number}"

    def folder(self, name: str) -> Path:
        """A new folder that goes with the services."""
        folder = self._folder / name
        folder.mkdir()
        return folder

    def run(self, service):
        """Starts ``service`` (or a process like one), which ends at the latest with all others."""
        self._running.append(service)
        service.start()
        return service

    def stop(self):
        while self._running:
            self._running.pop().stop()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def make_bucket(self, name: str, **options):
        import boto3

        client = boto3.client(
            "s3",
            endpoint_url=self.swift.endpoint,
            aws_access_key_id=self.swift.ACCESS_KEY,
            aws_secret_access_key=self.swift.secret_key,
        )
        client.create_bucket(Bucket=name, **options)

    @property
    def s3_environment(self) -> dict[str, str]:
        return {
            "S3_ENDPOINT_URL": self.swift.endpoint,
            "S3_PUBLIC_BUCKET": PUBLIC,
            "S3_PRIVATE_BUCKET": PRIVATE,
            "AWS_ACCESS_KEY_ID": self.swift.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": self.swift.secret_key,
        }


stack = Stack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    """Runs around pytest-django's, which is where the settings are read."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        stack.join(worker)
        return (yield)
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("Told to stop.", returncode=143))
    try:
        stack.start()
    except Missing as missing:
        stack.stop()
        if os.environ.get("HUB_REQUIRE_ALL") == "1":
            raise pytest.UsageError(str(missing)) from missing
        stack.missing = os.environ[MISSING] = str(missing)
    except BaseException:
        stack.stop()
        raise
    return (yield)


def pytest_report_header():
    return f"stack: {stack.missing or 'PostgreSQL, Redis, ClamAV and S3 are running'}"


def pytest_collection_modifyitems(items):
    if stack.missing:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=stack.missing))


def pytest_unconfigure():
    stack.stop()

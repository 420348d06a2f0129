import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.db import connection

from tests.stack.installation import Installation
from tests.stack.plugin import stack as the_stack
from tests.stack.services import BASE_DIR, Redis


@pytest.fixture(scope="session")
def stack():
    if not hasattr(the_stack, "swift"):
        pytest.skip("The services are not running: use `make stack-test`.")
    return the_stack


@pytest.fixture(scope="session")
def new_hub(stack):
    """Makes installations with a database, a cache and a folder of their own."""
    made = []

    def make(template: str = "template1", cache: str = "") -> Installation:
        number = len(made) + 2
        made.append(
            Installation(
                stack.folder(f"hub{number}"),
                stack.postgres.create(f"hub{number}", template),
                cache or stack.redis.url(number),
                stack.s3_environment,
            )
        )
        return made[-1]

    return make


@pytest.fixture(scope="session")
def migrated(new_hub) -> str:
    """The name of a database that was migrated from nothing, for others to be copied from."""
    hub = new_hub()
    hub.manage("migrate", "--verbosity", "0")
    return hub.database.rpartition("/")[2]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, migrated):
    """Makes the database of these tests such a copy too."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated


@pytest.fixture(scope="session")
def live_redis(stack):
    """A Redis of the live hub's own, which tests may stop."""
    return stack.run(Redis(stack.folder("live-redis")))


@pytest.fixture(scope="session")
def hub(stack, new_hub, migrated, live_redis):
    """The demo on PostgreSQL, Redis and S3, served with production's settings."""
    hub = new_hub(template=migrated, cache=live_redis.url(0))
    # The demo's accounts have a known password, so production refuses to load it.
    hub.manage("load_demo", "--verbosity", "0", settings="dev")
    hub.manage("collectstatic", "--no-input", "--verbosity", "0")
    stack.run(hub.web())
    return hub


@pytest.fixture(autouse=True)
def _log(request):
    """Shows what the web server logged during a test that fails."""
    name = next(
        (name for name in ("hub", "registering", "asking") if name in request.fixturenames), None
    )
    if name is None:
        yield
        return
    log = request.getfixturevalue(name).web_log
    seen = log.stat().st_size
    yield
    with log.open("rb") as content:
        content.seek(seen)
        sys.stdout.write(content.read().decode())


@pytest.fixture(scope="session")
def production_storages(stack, tmp_path_factory) -> dict:
    """STORAGES as production's settings have it."""
    probe = "import json, hub.settings.production as s; print(json.dumps(s.STORAGES, default=str))"
    hub = Installation(tmp_path_factory.mktemp("data"), "sqlite://", "", stack.s3_environment)
    result = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=BASE_DIR,
        env=hub.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


@pytest.fixture
def s3(stack, settings, monkeypatch, production_storages):
    """Keeps this test's files where production does."""
    for name, value in stack.s3_environment.items():
        monkeypatch.setenv(name, value)
    files = {name: production_storages[name] for name in ("default", "private")}
    settings.STORAGES = settings.STORAGES | files
    return stack.swift


@pytest.fixture(scope="session")
def fetch():
    """What anybody is answered who asks for an address: status, headers, content."""

    def fetch(address: str):
        try:
            with urllib.request.urlopen(address, timeout=20) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read()

    return fetch


@pytest.fixture(scope="session")
def wait_for():
    """Asks again until the answer is true; fails after so many seconds."""

    def wait_for(condition, seconds: float = 30):
        deadline = time.monotonic() + seconds
        while not (answer := condition()):
            assert time.monotonic() < deadline, f"Not so after {seconds} seconds."
            time.sleep(0.1)
        return answer

    return wait_for

"""PostgreSQL, Redis, ClamAV and an S3 server, for real: each on a free port of 127.0.0.1, in a folder of its own.

They are started as processes of the test run and ended by their ids; nothing of the machine's own
services is touched.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SWIFT_BIN = BASE_DIR / ".venv-stack" / "bin"
SECONDS_TO_START = 60


class Missing(Exception):
    """A program that is not installed; the message says how to get it."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def find_program(name: str, package: str, *folders: Path) -> Path:
    """The program ``name`` in one of ``folders`` or on the path. Raises Missing."""
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    if found := shutil.which(name):
        return Path(found)
    raise Missing(f"{name} is not installed (Debian: {package}).")


class Service:
    """A process that listens on ``port`` from start() to stop() and may be started again."""

    stop_signal = signal.SIGTERM

    def __init__(self, command: list, port: int, log: Path, **options):
        self.command = [str(part) for part in command]
        self.port = port
        self.log = log
        self.options = options
        self.process: subprocess.Popen | None = None

    def start(self, is_ready: Callable[[int], bool] = accepts_connections):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=subprocess.STDOUT, **self.options
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not is_ready(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(
                    f"{self.command[0]} did not start:\n{self.log.read_text()[-3000:]}"
                )
            time.sleep(0.05)

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=20)
        self.process = None

    def children(self) -> list[int]:
        """The ids of the processes that it started."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in path.read_text().split()]

    def kill(self):
        """Ends it and the processes that it started at once, as they are (`kill -9`)."""
        for number in (self.process.pid, *self.children()):
            os.kill(number, signal.SIGKILL)
        self.process.wait(timeout=20)
        # The others may take a moment to be gone.
        while accepts_connections(self.port):
            time.sleep(0.01)
        self.process = None


class Postgres(Service):
    """A database server whose one account, ``hub``, may do everything."""

    stop_signal = signal.SIGINT  # "fast": closes the connections that are left

    def __init__(self, folder: Path):
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self.initdb = find_program("initdb", "postgresql", *debian)
        program = find_program("postgres", "postgresql", *debian)
        self.password = secrets.token_hex(16)
        self.data = folder / "data"
        port = free_port()
        # Durability is not what these tests are about, and costs half their time.
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
        }
        command = [program, "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.account = self._account(folder)
        super().__init__(command, port, folder / "log", cwd=folder, **self.account)

    @staticmethod
    def _account(folder: Path) -> dict:
        """Root may not run PostgreSQL: the account for it, which then owns ``folder``."""
        if os.geteuid() != 0:
            return {}
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError as error:
            raise Missing("There is no account “postgres” (Debian: postgresql).") from error
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def start(self):
        password_file = self.data.parent / "password"
        password_file.write_text(self.password)
        password_file.chmod(0o644)
        subprocess.run(
            [
                self.initdb, "--pgdata", self.data, "--username", "hub", "--pwfile", password_file,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=self.data.parent,
            **self.account,
        )  # fmt: skip
        super().start(self._answers)

    def _answers(self, port: int) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgres://hub:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """The address of a new database, which is empty unless it is a copy of another."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)


class Redis(Service):
    DATABASES = 128  # one for each worker or installation

    def __init__(self, folder: Path):
        program = find_program("redis-server", "redis-server")
        port = free_port()
        command = [program, "--bind", "127.0.0.1", "--port", port, "--dir", folder]
        command += ["--databases", self.DATABASES, "--save", "", "--appendonly", "no"]
        super().__init__(command, port, folder / "log")

    def url(self, number: int) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"


class Clamd(Service):
    """ClamAV's daemon, which knows one harmful file: any that contains MARKER."""

    # Not EICAR's text, for which scanners on the way would take this file away.
    MARKER = b"harmful, say the tests of the hub"
    SIGNATURE = "Hub.Test"

    def __init__(self, folder: Path):
        program = find_program("clamd", "clamav-daemon", Path("/usr/sbin"))
        self.folder = folder
        self.socket = folder / "clamd.ctl"
        port = free_port()
        self.addresses = {"unix": f"unix://{self.socket}", "tcp": f"tcp://127.0.0.1:{port}"}
        self.temporary = folder / "temporary"
        command = [program, "--config-file", folder / "clamd.conf"]
        super().__init__(command, port, folder / "log")

    def start(self):
        database = self.folder / "signatures"
        for each in (database, self.temporary):
            each.mkdir(exist_ok=True)
        # In any type of file, anywhere in it.
        (database / "hub.ndb").write_text(f"{self.SIGNATURE}:0:*:{self.MARKER.hex()}\n")
        settings = {
            "Foreground": "yes",
            "LocalSocket": self.socket,
            "TCPAddr": "127.0.0.1",
            "TCPSocket": self.port,
            "DatabaseDirectory": database,
            "TemporaryDirectory": self.temporary,
            # No more than deploy/env.example asks for.
            "StreamMaxLength": "10M",
        }
        lines = [f"{name} {value}\n" for name, value in settings.items()]
        (self.folder / "clamd.conf").write_text("".join(lines))
        super().start()


class Swift:
    """OpenStack's object store, spoken to as S3; ``proxy`` alone is what clients talk to.

    Checks signatures, expiry and checksums as strictly as the real thing.
    """

    ACCOUNT = "hub"
    ACCESS_KEY = "hub:web"
    BACKENDS = ("account", "container", "object")
    PIPELINE = (
        "catch_errors proxy-logging cache listing_formats bulk unsigned s3api tempauth slo "
        "versioned_writes symlink proxy-logging proxy-server"
    )

    def __init__(self, folder: Path):
        if not (SWIFT_BIN / "swift-proxy-server").exists():
            raise Missing("The S3 server is not installed: run `make stack-test`.")
        self.folder = folder
        self.secret_key = secrets.token_hex(16)
        self.ports = {name: free_port() for name in ("proxy", *self.BACKENDS)}
        self.endpoint = f"http://127.0.0.1:{self.ports['proxy']}"
        # Where Swift finds the filter of tests/stack/unsigned.py.
        environment = os.environ | {"PYTHONPATH": str(BASE_DIR / "tests" / "stack")}
        self.services = {
            name: Service(
                [SWIFT_BIN / f"swift-{name}-server", folder / f"{name}.conf", "--verbose"],
                port,
                folder / f"{name}.log",
                env=environment,
            )
            for name, port in self.ports.items()
        }
        self.proxy = self.services["proxy"]

    def start(self):
        (self.folder / "devices" / "disk").mkdir(parents=True)
        self._write(
            "swift.conf", f"[swift-hash]\nswift_hash_path_suffix = {secrets.token_hex(8)}\n"
        )
        for name in self.BACKENDS:
            self._make_ring(name)
            self._write(f"{name}.conf", self._backend_configuration(name))
        self._write("proxy.conf", self._proxy_configuration())
        for service in self.services.values():
            service.start(lambda _port: True)
        for service in self.services.values():
            self._wait_for(service)

    def start_proxy(self):
        self.proxy.start()

    def stop(self):
        for service in self.services.values():
            service.stop()

    @staticmethod
    def _wait_for(service: Service):
        deadline = time.monotonic() + SECONDS_TO_START
        while not accepts_connections(service.port):
            if service.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"{service.command[0]} did not start:\n{service.log.read_text()[-3000:]}"
                )
            time.sleep(0.05)

    def _write(self, name: str, text: str):
        (self.folder / name).write_text(text)

    def _make_ring(self, name: str):
        """Says where that kind of thing is kept: all of it on the one disk there is."""
        builder = self.folder / f"{name}.builder"
        for arguments in (
            ["create", "1", "1", "0"],
            ["add", f"r1z1-127.0.0.1:{self.ports[name]}/disk", "1"],
            ["rebalance"],
        ):
            subprocess.run(
                [SWIFT_BIN / "swift-ring-builder", builder, *arguments],
                check=True,
                capture_output=True,
            )

    def _common(self, name: str) -> str:
        return f"""
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {self.ports[name]}
workers = 0
user = {pwd.getpwuid(os.geteuid()).pw_name}
swift_dir = {self.folder}
log_level = WARNING
"""

    def _backend_configuration(self, name: str) -> str:
        return (
            self._common(name)
            + f"""
devices = {self.folder / "devices"}
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
        )

    def _proxy_configuration(self) -> str:
        filters = ["catch_errors", "cache", "listing_formats", "bulk", "slo", "symlink"]
        filters += ["proxy-logging", "s3api", "tempauth", "versioned_writes"]
        eggs = {
            name: f"[filter:{name}]\nuse = egg:swift#{name.replace('-', '_')}\n" for name in filters
        }
        # Nothing listens there: Swift goes without its memory.
        eggs["cache"] = eggs["cache"].replace("#cache", "#memcache")
        eggs["cache"] += "memcache_servers = 127.0.0.1:1\n"
        eggs["tempauth"] += f"user_{self.ACCESS_KEY.replace(':', '_')} = {self.secret_key} .admin\n"
        eggs["versioned_writes"] += "allow_object_versioning = true\n"
        return (
            self._common("proxy")
            + f"""
[pipeline:main]
pipeline = {self.PIPELINE}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:unsigned]
paste.filter_factory = unsigned:filter_factory
account = AUTH_{self.ACCOUNT}
"""
            + "".join(eggs.values())
        )

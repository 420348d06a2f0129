"""The hub as it is installed: production's settings, on the services, in processes of its own."""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core import signing

from tests.stack.services import BASE_DIR, Service, free_port

HOST = "hub.example.org"
SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


class Installation:
    """One hub: ``database`` and ``cache`` are addresses, ``s3`` the variables for its files."""

    def __init__(self, folder: Path, database: str, cache: str, s3: dict[str, str]):
        self.folder = folder
        self.database = database
        self.port = free_port()
        self.web_log = folder / "web.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": "a-key-long-enough-for-the-deployment-check-and-used-nowhere-else",
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "HUB_BASE_URL": f"https://{HOST}",
            "HUB_DATA_DIR": str(folder),
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DATABASE_URL": database,
            "CACHE_URL": cache,
            **s3,
        }

    def start(self, *command, settings="production", **variables) -> subprocess.Popen:
        """A process of the hub's, with development's settings if so told."""
        chosen = {"DJANGO_SETTINGS_MODULE": f"hub.settings.{settings}"}
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=BASE_DIR,
            env=self.environment | chosen | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments, settings="production") -> str:
        """What `manage.py` with ``arguments`` prints, which must succeed."""
        process = self.start("manage.py", *arguments, settings=settings)
        output, _errors = process.communicate(timeout=300)
        assert process.returncode == 0, output
        return output

    def web(self, *options: str) -> Service:
        """The web server, yet to be started, with further options of gunicorn's."""
        command = [sys.executable, "-m", "gunicorn", "hub.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", *options]
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "hub.settings.production"}
        return Service(command, self.port, self.web_log, cwd=BASE_DIR, env=environment)

    def request(self, method: str, path: str, body: str | bytes = "", **headers) -> Answer:
        """What a visitor is answered behind the proxy that ends TLS."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers |= {"Host": HOST, "X-Forwarded-Proto": "https"}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def form_token(self, page_key) -> str:
        """What is in a form of a page that was shown a minute ago."""
        signer = signing.Signer(key=self.environment["SECRET_KEY"], salt="hub.forms.token")
        token = {"page": str(page_key), "time": int(time.time()) - 60, "key": uuid.uuid4().hex}
        return signer.sign_object(token)

    def ready(self) -> dict[str, bool]:
        return json.loads(self.get("/readyz").text)["checks"]

    @property
    def is_on_sqlite(self) -> bool:
        return self.database.startswith(SQLITE)

    def query(self, sql: str, *values) -> list[tuple]:
        """The rows, if it is a SELECT; whatever is changed is committed."""
        if self.is_on_sqlite:
            path = self.database.removeprefix(SQLITE)
            with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
                return connection.execute(sql.replace("%s", "?"), values).fetchall()
        with psycopg.connect(self.database) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

"""Other processes that work on the database of a test (which must be transaction=True)."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

BASE_DIR = Path(__file__).resolve().parent.parent


def start(arguments: list[str], data_dir: Path) -> subprocess.Popen:
    """Python with ``arguments``, on the test's database, with the development settings.

    On SQLite the test's database lives in memory, so the process gets a copy, which is made when
    the first process of ``data_dir`` starts: look for outcomes in files or output, not in rows.
    """
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hub.settings.dev",
        "HUB_DATA_DIR": str(data_dir),
        "DATABASE_URL": _database_url(data_dir),
    }
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _database_url(data_dir: Path) -> str:
    if connection.vendor == "sqlite":
        path = data_dir / "test.sqlite3"
        if not path.exists():
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
        return f"sqlite:///{path}"
    login = connection.settings_dict
    return f"postgres://{login['USER']}:{login['PASSWORD']}@{login['HOST']}:{login['PORT']}/{login['NAME']}"

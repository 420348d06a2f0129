"""Measures what the hub promises about speed: `make bench`.

Each benchmark is a function in a module of its own that returns rows. They run one after the other
on a new SQLite database in a folder of its own, with production's settings; the table is printed and
the rows are written to bench/results.json.
"""

import json
import os
import secrets
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.rows import Row

RESULTS = Path(__file__).with_name("results.json")
HOST = "hub.example.org"


def main():
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        _set_up(folder)
        rows = _measure()
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    for row in rows:
        sys.stdout.write(
            f"{row.name:44} {row.value:10.1f} {row.unit:12} {row.ratio:6.2f} x {row.reference}\n"
        )


def recorded() -> list[Row]:
    """The rows of the last run."""
    return [Row(**row) for row in json.loads(RESULTS.read_text())]


def _set_up(folder: str):
    """Django with production's settings, on an empty database in ``folder``."""
    # What is set for another hub is none of this one's.
    for name in ("DATABASE_URL", "CACHE_URL", "S3_ENDPOINT_URL", "S3_PUBLIC_BUCKET"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hub.settings.production",
        "SECRET_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": HOST,
        "HUB_BASE_URL": f"https://{HOST}",
        "HUB_DATA_DIR": folder,
        "HUB_PROXY_COUNT": "1",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _measure() -> list:
    # Inline: they import models.
    from bench.grants import drafts_saved_per_second, queue_per_second
    from bench.registration import registrations_per_second

    benchmarks = (registrations_per_second, queue_per_second, drafts_saved_per_second)
    return [row for benchmark in benchmarks for row in benchmark()]


if __name__ == "__main__":
    main()

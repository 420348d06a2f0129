"""The worker: `manage.py work`."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from hub.jobs import run_due

logger = logging.getLogger(__name__)

PAUSE = 1  # seconds between two looks at what is due
LONGEST_PAUSE = 60  # while the database is away


class Command(BaseCommand):
    help = (
        "Does what is due by the clock: sends mail, publishes scheduled pages, deletes what has been "
        "kept long enough. Runs until it is told to stop (SIGTERM or Ctrl-C), and then finishes "
        "what it is doing. May run on several machines at once."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--once",
            action="store_true",
            help="Do what is due now and stop, for cron. Fails if a job fails.",
        )

    def handle(self, *args, once=False, **options):
        if once:
            failed = [name for name, went_well in run_due().items() if not went_well]
            if failed:
                raise CommandError(f"These jobs failed: {', '.join(failed)}.")
            return
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: self.stopping.set())
        self.stdout.write("The worker has started.")
        self._loop()
        self.stdout.write("The worker has stopped.")

    def _loop(self):
        pause = PAUSE
        while not self.stopping.is_set():
            try:
                close_old_connections()
                run_due(self.stopping.is_set)
                pause = PAUSE
            except (DatabaseError, InterfaceError):
                pause = min(pause * 2, LONGEST_PAUSE)
                logger.exception("The database is away; next look in %s seconds.", pause)
                connection.close()
            self.stopping.wait(pause)

"""`make demo`: sets everything up and serves the hub on this machine until Ctrl-C."""

import errno
import os
import signal
import socket
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from hub.management.commands.load_demo import ACCOUNTS, ACCOUNTS_OF_TEAMS, PASSWORD


class Command(BaseCommand):
    help = "Prepares the database and the demo content, then serves the hub and runs its worker."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, port, **options):
        if not getattr(settings, "HUB_ALLOW_DEMO", False):
            raise CommandError("The demo runs with development settings only.")
        self.refuse_port_in_use(port)
        self.stdout.write("Preparing the database")
        call_command("migrate", verbosity=0)
        call_command("load_demo")
        self.announce(port)
        self.serve(port)

    def refuse_port_in_use(self, port: int):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError) as error:
                in_use = getattr(error, "errno", None) == errno.EADDRINUSE
                reason = "is in use by another program" if in_use else "cannot be used"
                raise CommandError(
                    f"Port {port} {reason}. Choose another: make demo PORT=9000"
                ) from error

    def announce(self, port: int):
        address = f"http://127.0.0.1:{port}"
        accounts = ", ".join(["admin", *ACCOUNTS, *ACCOUNTS_OF_TEAMS])
        self.stdout.write(
            f"""
The hub is at      {address}/
The admin is at    {address}/admin/
Accounts           {accounts}; password {PASSWORD}
Mail it sends      {address}/dev/mail/ (files in {settings.EMAIL_FILE_PATH})
Stop with Ctrl-C.
"""
        )
        self.stdout.flush()

    def serve(self, port: int):
        """Runs the web server and the worker; when one of them ends, so does the other."""
        environment = os.environ | {"HUB_BASE_URL": f"http://127.0.0.1:{port}"}
        web = [
            sys.executable, "-m", "gunicorn", "hub.wsgi", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "warning",
        ]  # fmt: skip
        worker = [sys.executable, "manage.py", "work"]
        environment["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"]
        processes = [
            subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)  # noqa: S603
            for command in (web, worker)
        ]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            ended = None
            while ended is None:
                try:
                    ended = next((p for p in processes if p.wait(timeout=0.5) is not None), None)
                except subprocess.TimeoutExpired:
                    processes.reverse()
        except KeyboardInterrupt:
            pass
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=10)

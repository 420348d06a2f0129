"""Registrations per second, through everything a visitor's POST passes.

The whole application answers, with every middleware of production, in this process: what is left out
is gunicorn and the network. Every registration is another person's, from another address, for a
session without a limit of seats. Two things take turns with it, so that whatever else the machine
does slows all three: the insert of a row into a table of two columns, in a transaction of its own, in
the same database file with the same pragmas; and a POST to the same application that does just that.
"""

import time
from unittest import mock
from urllib.parse import urlencode

from bench.application import send, timed
from bench.rows import Row

ROUNDS = 20
PER_ROUND = 40
NAME = "registrations on SQLite"


def registrations_per_second() -> list[Row]:
    # Inline, here and below: Django is set up only when the programme runs.
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test import override_settings

    from bench import urls
    from hub.forms import guard
    from tests.registering import open_sessions
    from training.models import Registration

    (session,) = open_sessions(1, capacity=None)
    with connection.cursor() as cursor:
        cursor.execute(urls.TABLE)
    taken = dict.fromkeys(("register", "insert", "post"), 0.0)
    with (
        override_settings(ROOT_URLCONF="bench.urls"),
        mock.patch.object(guard, "POSTS_PER_FORM", ROUNDS * PER_ROUND + 1),
    ):
        application = get_wsgi_application()
        send(application, session.url, _forms(session, "first")[:1])  # fills caches
        for number in range(ROUNDS):
            forms = _forms(session, number)
            with timed(taken, "register"):
                send(application, session.url, forms)
            with timed(taken, "insert"):
                for _form in forms:
                    urls.insert_row()
            with timed(taken, "post"):
                send(application, "/bench/", forms)
    assert Registration.objects.filter(status="confirmed").count() == ROUNDS * PER_ROUND + 1
    rates = {name: ROUNDS * PER_ROUND / seconds for name, seconds in taken.items()}
    return [
        _row(rates, "insert", "plain single-row inserts"),
        _row(rates, "post", "POSTs that insert a single row"),
    ]


def _row(rates: dict[str, float], reference: str, words: str) -> Row:
    return Row(
        name=NAME,
        value=round(rates["register"], 1),
        unit="per second",
        reference=f"{words}, {rates[reference]:.0f} per second",
        ratio=round(rates["register"] / rates[reference], 3),
    )


def _forms(session, label) -> list[bytes]:
    """What browsers send of forms that were opened a minute ago, each for another person."""
    from hub.forms import tokens
    from tests.registering import ANSWERS

    a_minute_ago = time.time() - 60
    with mock.patch.object(tokens.time, "time", return_value=a_minute_ago):
        issued = [tokens.issue(session) for _person in range(PER_ROUND)]
    return [
        urlencode(
            ANSWERS | {"hub-token": token, "hub-email": f"person-{label}-{person}@example.org"}
        ).encode()
        for person, token in enumerate(issued)
    ]

"""The desk with 2,000 requests, and drafts that are saved.

The queue takes turns with one that has only a page of requests left to decide, among as many that are
decided: what more it takes is due to the number of those that wait. Saving takes turns with a POST to
the same application that inserts a row and does nothing else.
"""

from urllib.parse import urlencode

from bench.application import send, timed
from bench.rows import Row

ROUNDS = 10
PER_PAGE = 50
REQUESTS = 2000
OPENED = 2  # times in each round
SAVED = 40


def queue_per_second() -> list[Row]:
    # Inline, here and below: Django is set up only when the programme runs.
    from django.test import Client

    from funding.models import GrantRequest, RequestStatus
    from tests.asking import make_many, make_request, officer, open_fund_alone

    fund = open_fund_alone()
    first = make_request(fund.form)
    make_many(first, REQUESTS - 1)
    others = GrantRequest.objects.filter(pk__gte=first.pk + PER_PAGE)
    taken = dict.fromkeys(("many", "page"), 0.0)
    client = Client(SERVER_NAME="hub.example.org")
    client.force_login(officer())
    _open(client)  # fills caches
    for _round in range(ROUNDS):
        with timed(taken, "many"):
            for _time in range(OPENED):
                _open(client)
        others.update(status=RequestStatus.DECLINED)
        with timed(taken, "page"):
            for _time in range(OPENED):
                _open(client)
        others.update(status=RequestStatus.SENT)
    rates = {name: ROUNDS * OPENED / seconds for name, seconds in taken.items()}
    return [
        Row(
            name=f"queue with {REQUESTS} requests on SQLite",
            value=round(rates["many"], 1),
            unit="per second",
            reference=f"queue with {PER_PAGE} requests, {rates['page']:.0f} per second",
            ratio=round(rates["many"] / rates["page"], 3),
        )
    ]


def _open(client):
    response = client.get("/admin/grant_requests/", secure=True)
    assert response.text.count('<td class="title">') == PER_PAGE, response


def drafts_saved_per_second() -> list[Row]:
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test import override_settings

    from bench import urls
    from funding.models import RequestPage
    from tests.asking import make_request, private_address

    draft = make_request(RequestPage.objects.get(), "draft", "draft")
    path = private_address(draft)
    with connection.cursor() as cursor:
        cursor.execute(urls.TABLE)
    taken = dict.fromkeys(("save", "post"), 0.0)
    with override_settings(ROOT_URLCONF="bench.urls"):
        application = get_wsgi_application()
        forms = _saves(draft)
        send(application, path, forms[:1])  # fills caches
        for number in range(ROUNDS):
            chosen = forms[1 + number * SAVED :][:SAVED]
            with timed(taken, "save"):
                send(application, path, chosen)
            with timed(taken, "post"):
                send(application, "/bench/", chosen)
    draft.refresh_from_db()
    assert draft.revision == ROUNDS * SAVED + 2
    rates = {name: ROUNDS * SAVED / seconds for name, seconds in taken.items()}
    return [
        Row(
            name="drafts saved on SQLite",
            value=round(rates["save"], 1),
            unit="per second",
            reference=f"POSTs that insert a single row, {rates['post']:.0f} per second",
            ratio=round(rates["save"] / rates["post"], 3),
        )
    ]


def _saves(draft) -> list[bytes]:
    """What a browser sends that saves a draft again and again."""
    return [
        urlencode(
            draft.typed | {"hub-do": "save", "hub-revision": n, "hub-goal": f"Change {n}"}
        ).encode()
        for n in range(draft.revision, draft.revision + ROUNDS * SAVED + 1)
    ]

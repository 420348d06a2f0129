"""Registering for a session in tests, as a browser does."""

import time
from types import SimpleNamespace

from bs4 import BeautifulSoup

from hub.forms import tokens
from training.models import Registration
from training.sessions import settle

ANSWERS = {
    "hub-name": "Amina",
    "hub-email": "amina@example.org",
    "hub-organisation": "Harbour Budget Watch",
    "hub-country": "KE",
    "hub-access": "",
    "hub-consent": "on",
}

_read = tokens.read


def let_time_pass(monkeypatch, seconds: int = 60):
    """Shows forms as if they were opened ``seconds`` ago, so that they can be sent at once."""
    now = time.time

    def read(text, page):
        past = SimpleNamespace(time=lambda: now() + seconds)
        with monkeypatch.context() as patch:
            patch.setattr(tokens, "time", past)
            return _read(text, page)

    monkeypatch.setattr(tokens, "read", read)


def token_of(response) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return soup.find("input", {"name": "hub-token"})["value"]


def filled_in(client, page, **changes) -> dict:
    """What a browser sends that has opened the page's form and filled it in."""
    return ANSWERS | {"hub-token": token_of(client.get(page.url))} | changes


def register(client, page, name: str = "amina", **changes):
    """The answer to somebody's registration; their address is ``name`` at example.org."""
    own = {"hub-name": name.capitalize(), "hub-email": f"{name}@example.org"}
    return client.post(page.url, filled_in(client, page, **own | changes))


def registration_of(name: str = "amina") -> Registration:
    return Registration.objects.get(address=f"{name}@example.org")


def make_registration(page, name: str = "amina", status: str = "confirmed", **fields):
    """A stored registration, with the seat it holds."""
    from django.db.models import F
    from wagtail.models import Locale

    from training.models import Roster

    roster = page.roster if page.roster.pk else settle(page)
    fields = {
        "page_id": page.pk,
        "locale": Locale.get_default(),
        "form_data": {"hub-name": name.capitalize(), "hub-email": f"{name}@example.org"},
        "address": f"{name}@example.org",
        "idempotency_key": f"key-{roster.pk}-{name}-{Registration.objects.count()}",
        "retained_until": page.retained_until(),
        "roster": roster,
        "status": status,
        "told_version": roster.version,
        **fields,
    }
    registration = Registration.objects.create(**fields)
    if registration.holds_seat:
        Roster.objects.filter(pk=roster.pk).update(taken=F("taken") + 1)
    page.__dict__.pop("roster", None)
    return registration


def open_home():
    """The home page of a hub that has no other pages of its own; made unless it is there."""
    from wagtail.models import Page, Site

    from home.models import HomePage
    from tests import factories

    if home := HomePage.objects.first():
        return home
    Page.objects.filter(depth=2).update(slug="welcome", url_path="/welcome/")
    home = factories.HomePageFactory(parent=Page.get_first_root_node(), slug="home")
    Site.objects.update(root_page=home)
    return home


def open_sessions(count: int, capacity: int | None = None) -> list:
    """A hub with nothing but ``count`` sessions to register for, on a database without pages."""
    from tests import factories

    training = factories.TrainingIndexPageFactory(parent=open_home())
    sessions = [
        factories.SessionPageFactory(parent=training, slug=f"session-{n}", capacity=capacity)
        for n in range(count)
    ]
    for session in sessions:
        session.save_revision().publish()
    return sessions

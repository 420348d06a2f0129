"""The demo's contact form, as a browser fills it in and sends it."""

import time
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from hub.forms.tokens import SECONDS_TO_ANSWER

CONTACT = "/en/contact/"


def filled_in(hub, name: str) -> str:
    """What is sent of a form that was opened long enough ago, with ``name``@example.org in it."""
    form = BeautifulSoup(hub.get(CONTACT).text, "html.parser").find("form", class_="form")
    topic = form.find("input", type="radio")
    time.sleep(SECONDS_TO_ANSWER + 0.1)
    return urlencode(
        {
            "hub-token": form.find("input", {"name": "hub-token"})["value"],
            topic["name"]: topic["value"],
            "message": "We are stuck.",
            "name": name,
            "email": f"{name}@example.org",
            "hub-consent": "on",
        }
    )


def send(hub, body: str):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return hub.request("POST", CONTACT, body, **headers)


def stored(hub, name: str) -> list[tuple]:
    return hub.query(
        "SELECT id, reference FROM hub_submission WHERE address = %s", f"{name}@example.org"
    )

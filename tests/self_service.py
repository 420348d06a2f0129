"""The pages behind the link of a registration, in tests."""

from datetime import timedelta

from django.urls import reverse
from django.utils import translation

from hub.forms.links import token_for
from tests.factories import SessionPageFactory
from tests.reading import soup
from training.models import Roster

HOUR = timedelta(hours=1)


def open_session(site):
    return SessionPageFactory(
        parent=site.training,
        title="Reading a tender",
        capacity=2,
        joining_url="https://meet.example.org/circle",
        joining_note="The room opens early.",
    )


def address(registration, name="registration", language="en") -> str:
    with translation.override(language):
        return reverse(name, args=[token_for(registration)])


def heading(response) -> str:
    return " ".join(soup(response).h1.text.split())


def shown(response) -> str:
    return " ".join(soup(response).main.text.split())


def move(session, **facts):
    Roster.objects.filter(pk=session.roster.pk).update(**facts)
    type(session).objects.filter(pk=session.pk).update(
        **{name: value for name, value in facts.items() if name.endswith("_at")}
    )

"""An officer's work on the people of a session, in tests, as a browser does it."""

from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse

from hub.models import OutgoingMail, User
from hub.roles import TRAINING_OFFICERS, set_up_roles
from hub.translation.teams import set_up_team
from tests.registering import make_registration
from tests.translating import locale_of
from training.models import Registration, Roster
from training.sessions import settle

TRANSLATORS = "Spanish translators"


def log_in(client, role: str = TRAINING_OFFICERS) -> User:
    set_up_roles()
    user = User.objects.create_user("officer")
    if role == TRANSLATORS:
        user.groups.add(set_up_team(locale_of("es")).translators)
    else:
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def roster_of(page) -> Roster:
    return Roster.objects.get(session_key=page.translation_key)


def address(name: str, *args) -> str:
    return reverse(f"registrations:{name}", args=args)


def fill_roster(session, count: int):
    """Registrations in two statements each: a child table takes no bulk_create."""
    roster = settle(session)
    start = roster.registrations.count()
    first = make_registration(session, f"person{start}")
    with transaction.atomic():
        for number in range(start + 1, count):
            registration = Registration(
                page_id=session.pk,
                roster=roster,
                locale=first.locale,
                address=f"person{number}@example.org",
                form_data={"hub-name": f"Person {number}"},
                idempotency_key=f"person-{number}",
                retained_until=first.retained_until,
                status="waiting" if number % 2 else "confirmed",
            )
            registration.save()


def do(client, page, step: str, *people: Registration, sure: bool = True, **data):
    """What the browser shows after the step was taken with those people ticked, and said yes to."""
    data = {"step": step, "chosen": [person.pk for person in people], **data}
    if sure:
        data["sure"] = "1"
    return client.post(address("step", roster_of(page).pk), data, follow=True)


def said(response) -> list[str]:
    """The messages on top of the screen."""
    soup = BeautifulSoup(response.content, "html.parser")
    for more in soup.select(".messages template"):
        more.decompose()
    return [" ".join(item.text.split()) for item in soup.select(".messages li")]


def occasions() -> list[str]:
    return sorted(OutgoingMail.objects.values_list("occasion", flat=True))


def status_of(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).status

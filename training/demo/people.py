"""People on the rosters of the demo: none of them real, and plainly so."""

import random
from datetime import timedelta

from django.utils import timezone
from wagtail.models import Locale

from hub.models import Submission
from hub.models.forms import REFERENCE_ALPHABET, lines
from training import seats
from training.models import Registration, RegistrationStatus
from training.sessions import settle

ORGANISATIONS = (
    "Example Watch",
    "Sample Towns Network",
    "Placeholder Press",
    "Model Village Union",
)
COUNTRIES = ("KE", "UA", "CO", "SN", "NP", "TN", "PH", "GT")
# Every so many people, one in another language; one who needs something.
LANGUAGES = ("en", "es", "en", "fr", "en", "ar", "es")
NEEDS = {3: "Captions in English", 8: "I dial in by telephone", 13: "A slower pace, please"}


def register_people(loader, page, numbers: dict):
    """Fills a session's roster as the table says: who has a seat, came, gave up or waits.

    The table is the last of its file, when the session's own questions are there to be answered.
    No mail is written: the demo's people have no mailbox.
    """
    roster = settle(page)
    chance = random.Random(page.slug)  # noqa: S311 - the same demo every time
    outcomes = [
        status
        for status in ("confirmed", "attended", "no-show", "cancelled", "waiting")
        for _number in range(numbers.get(status, 0))
    ]
    # Whoever cancelled did so before there was a line, or the seat would be on offer.
    outcomes.sort(key=lambda status: (status == "waiting", status != "cancelled"))
    first = min(timezone.now(), roster.starts_at) - timedelta(days=20)
    for number, outcome in enumerate(outcomes, start=1):
        registration = _person(page, number, chance)
        seats.place(registration, roster)
        registration.save(force_insert=True)
        if outcome not in {"confirmed", "waiting"}:
            seats.change(registration, RegistrationStatus(outcome), tell=False)
        _date(registration, first + timedelta(hours=9 * number))


def _person(page, number: int, chance: random.Random) -> Registration:
    language = LANGUAGES[number % len(LANGUAGES)]
    letters = "".join(chance.choices(REFERENCE_ALPHABET, k=7))
    return Registration(
        page_id=page.pk,
        locale=Locale.objects.get_or_create(language_code=language)[0],
        reference=f"{letters[:3]}-{letters[3:]}",
        address=f"participant-{number:02}@example.org",
        form_data={
            "hub-name": f"Participant {number:02}",
            "hub-email": f"participant-{number:02}@example.org",
            "hub-organisation": ORGANISATIONS[number % len(ORGANISATIONS)],
            "hub-country": COUNTRIES[number % len(COUNTRIES)],
            "hub-access": NEEDS.get(number, ""),
            **{
                question.clean_name: _answer(question, number)
                for question in page.form_fields.all()
            },
        },
        consent_text=str(page.consent_words),
        consented_at=timezone.now(),
        idempotency_key=f"demo:{page.slug}:{number}",
        retained_until=page.retained_until(),
    )


def _answer(question, number: int):
    """To one of the session's own questions."""
    choices = lines(question.choices)
    if question.field_type == question.Kind.CHECKBOXES:
        return [choices[number % len(choices)]]
    return choices[number % len(choices)] if choices else f"Sample answer {number:02}"


def _date(registration: Registration, moment):
    """As if it had come in at ``moment``; attendance is marked when the session is over."""
    Submission.objects.filter(pk=registration.pk).update(submit_time=moment)
    since = moment
    if registration.status in {RegistrationStatus.ATTENDED, RegistrationStatus.NO_SHOW}:
        since = registration.roster.ends_at
    Registration.objects.filter(pk=registration.pk).update(
        queued_at=moment, status_since=since, consented_at=moment
    )

"""What publishing a session's page means for those who take part in it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hub.forms.pages import months_later
from hub.models.forms import is_source_page
from hub.translation.facts import set_right
from training import seats
from training.models import Registration, Roster, SessionPage
from training.models.roster import FACTS, PLANS, facts_of


@transaction.atomic
def settle(page: SessionPage) -> Roster:
    """Brings the roster, and the session's pages in other languages, in line with what was published.

    The source page says how things are. A translation that was published repeats what the source
    was when the translation was made, so it is set right. Participants are told of a change of plans
    by a job (training.jobs), which also gives an editor two minutes to mend a slip.
    """
    if not is_source_page(page):
        roster = Roster.objects.filter(session_key=page.translation_key).first()
        if roster:
            set_right(SessionPage.objects.filter(pk=page.pk), facts_of(roster))
        return roster
    facts = facts_of(page)
    roster, created = Roster.objects.select_for_update().get_or_create(
        session_key=page.translation_key, defaults=facts
    )
    if not created:
        _update(roster, facts)
    others = SessionPage.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    set_right(others, facts)
    return roster


def roster_of(page: SessionPage) -> Roster:
    """The page's roster, made if the page was never published since there are rosters."""
    if page.roster.pk is None:
        pages = SessionPage.objects.filter(translation_key=page.translation_key)
        page.roster = settle(next(found for found in pages if is_source_page(found)))
    return page.roster


def _update(roster: Roster, facts: dict):
    changed = {name for name in FACTS if getattr(roster, name) != facts[name]}
    plain = {name: facts[name] for name in changed if name != "capacity"}
    if changed.intersection(PLANS):
        plain |= {"version": F("version") + 1, "changed_at": timezone.now()}
    if plain:
        Roster.objects.filter(pk=roster.pk).update(**plain)
    if changed & {"ends_at", "retention_months"}:
        last_day = months_later(facts["ends_at"].date(), facts["retention_months"])
        Registration.objects.filter(roster=roster, anonymised_at=None).update(
            retained_until=last_day
        )
    if "starts_at" in changed:
        roster.registrations.filter(offer_expires_at__gt=facts["starts_at"]).update(
            offer_expires_at=facts["starts_at"]
        )
    roster.refresh_from_db()
    if changed & {"capacity", "is_cancelled", "starts_at"}:
        seats.set_capacity(roster, facts["capacity"])

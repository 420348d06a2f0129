"""Who works on a request, and who may not.

The functions raise states.Refused, whose message is a sentence for whoever asked.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from funding import questions, states
from funding.models import Conflict, GrantRequest
from funding.models.requests import CHANGE, UNDECIDED
from funding.states import Actor, Refused
from hub.models import User
from hub.staff import holders, name_of

# On others there is nothing left to do.
OPEN = UNDECIDED | {states.AWARDED, states.PAID}

CLOSED = _("Nobody works on this request any more.")
TAKEN_ALREADY = _("Somebody has taken this request already.")
NOT_POSSIBLE_FOR = _("This person cannot take the request. Choose somebody else of the team.")
NOT_YOURS_TO_GIVE = _("Only the person it is assigned to can pass a confidential request on.")
NOT_YOURS_TO_OPEN = _("Only the person it is assigned to can say that it is not confidential.")
ASKED_FOR = _("The applicant asked for it, so the request stays confidential.")


def possible_assignees(request: GrantRequest):
    """The officers who have no conflict of interest."""
    return holders(CHANGE).exclude(pk__in=request.conflicts.values("user"))


def may_give(request: GrantRequest, user: User) -> bool:
    """Whether ``user`` may say who works on the request, as far as it is not up to anybody else."""
    if not user.has_perm(CHANGE):
        return False
    return not request.is_confidential or user.is_superuser or request.assignee_id == user.pk


@transaction.atomic
def take(request: GrantRequest, user: User):
    """The request is ``user``'s, who begins to read it; one of any number of officers gets it."""
    listed = GrantRequest.objects.listed_to(user).filter(pk=request.pk)
    if not user.has_perm(CHANGE) or not listed.exists():
        raise Refused(states.NOT_YOURS)
    free = GrantRequest.objects.filter(pk=request.pk, assignee=None, anonymised_at=None)
    if request.status not in OPEN:
        raise Refused(CLOSED)
    if not free.filter(status__in=OPEN).update(assignee=user):
        raise Refused(TAKEN_ALREADY)
    request.assignee = user
    log(request, "funding.taken", user=user)
    if request.status == states.SENT:
        start_reading(request, user)


def start_reading(request: GrantRequest, user: User):
    """From now on the applicant reads that the request is being read."""
    states.move(request, states.READING, actor=Actor.OFFICER, user=user)


@transaction.atomic
def assign(request: GrantRequest, assignee: User, *, user: User):
    """Gives the request to ``assignee``."""
    listed = GrantRequest.objects.listed_to(user).filter(pk=request.pk)
    # Locked, so that a conflict that is declared at this moment is known or comes after.
    current = listed.select_for_update(of=("self",)).first()
    if current is None:
        raise Refused(states.NOT_YOURS)
    if not may_give(current, user):
        raise Refused(NOT_YOURS_TO_GIVE)
    if current.status not in OPEN:
        raise Refused(CLOSED)
    if not possible_assignees(current).filter(pk=assignee.pk).exists():
        raise Refused(NOT_POSSIBLE_FOR)
    GrantRequest.objects.filter(pk=request.pk).update(assignee=assignee)
    request.assignee = assignee
    log(request, "funding.assigned", user=user, data={"assignee": name_of(assignee)})


@transaction.atomic
def declare_conflict(request: GrantRequest, user: User):
    """Hides the request from ``user`` for good, whose work on it others have to do now."""
    visible = GrantRequest.objects.visible_to(user).filter(pk=request.pk)
    if visible.select_for_update(of=("self",)).first() is None:
        raise Refused(states.NOT_YOURS)
    Conflict.objects.create(request=request, user=user)
    GrantRequest.objects.filter(pk=request.pk, assignee=user).update(assignee=None)
    request.reviews.filter(reviewer=user, given_at=None).delete()
    log(request, "funding.conflict", user=user)


@transaction.atomic
def set_confidential(request: GrantRequest, is_confidential: bool, *, user: User):
    """Has only those read the request who are assigned to it, or all officers again."""
    states.check_officer(request, user)
    if not may_give(request, user):
        raise Refused(NOT_YOURS_TO_OPEN)
    if not is_confidential and request.form_data.get(questions.CONFIDENTIAL):
        raise Refused(ASKED_FOR)
    changed = GrantRequest.objects.filter(pk=request.pk, is_confidential=not is_confidential)
    if not changed.update(is_confidential=is_confidential):
        raise Refused(states.NOT_POSSIBLE)
    request.is_confidential = is_confidential
    log(request, "funding.confidential" if is_confidential else "funding.opened", user=user)

"""What reviewers think of a request, each without knowing what the others think.

The functions raise states.Refused, whose message is a sentence for whoever asked.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from funding import states
from funding.models import Conflict, CriteriaVersion, GrantRequest, Review
from funding.models.requests import CHANGE, REVIEW
from hub.mail import outbox
from hub.models import User
from hub.staff import holders, name_of

REVIEWERS = 2

ENOUGH = _("Two reviewers have been asked already.")
ASKED_ALREADY = _("This person has been asked already.")
HAS_READ = _("This person can read the other review already. Ask somebody who cannot.")
HAS_CONFLICT = _("This person has declared a conflict of interest.")
GIVEN_ALREADY = _("You have given your review already; it cannot be changed any more.")
NOT_ASKED = _("You are not asked to review this request.")
DECIDED = _("This request is decided, so that it needs no review any more.")
HAS_LEFT = _("Somebody who has left")
INCOMPLETE = _("Give points for every criterion.")


def possible_reviewers(request: GrantRequest):
    """Those who can be asked: they review, have no conflict, and have not been asked yet.

    Officers read each review that was given, unless they owe one: they are asked before, or not at all.
    """
    conflicted = Conflict.objects.filter(request=request).values("user")
    # SQL finds nobody who is not among people of whom one is NULL.
    asked = Review.objects.filter(request=request, reviewer__isnull=False).values("reviewer")
    possible = holders(CHANGE, REVIEW).exclude(pk__in=conflicted).exclude(pk__in=asked)
    officers = holders(CHANGE).order_by().values("pk")
    return possible.exclude(Exists(_given(request)), pk__in=officers)


def _given(request: GrantRequest):
    return Review.objects.filter(request=request).exclude(given_at=None)


@transaction.atomic
def ask(request: GrantRequest, reviewer: User, *, user: User) -> Review:
    """Asks ``reviewer`` for their opinion, and tells them by mail."""
    states.check_officer(request, user)
    # Locked: two officers at once would ask three.
    current = GrantRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not current.is_undecided:
        raise states.Refused(DECIDED)
    if current.reviews.count() >= REVIEWERS:
        raise states.Refused(ENOUGH)
    if current.conflicts.filter(user=reviewer).exists():
        raise states.Refused(HAS_CONFLICT)
    if reviewer.has_perm(CHANGE) and _given(current).exists():
        raise states.Refused(HAS_READ)
    try:
        with transaction.atomic():
            review = Review.objects.create(request=request, reviewer=reviewer)
    except IntegrityError as error:
        raise states.Refused(ASKED_ALREADY) from error
    log(request, "funding.review_asked", user=user, data={"reviewer": reviewer.get_username()})
    if reviewer.email:
        outbox.enqueue_later(
            f"funding.review:{review.pk}",
            occasion="funding.review",
            submission=request,
            to=reviewer.email,
            details={"review": review.pk},
        )
    return review


def refusal(request: GrantRequest, user: User):
    """Why ``user`` cannot give a review, as a sentence; "" when one is owed. One query."""
    own = request.reviews.filter(reviewer=user).first()
    if own is None:
        return NOT_ASKED
    if own.is_given:
        return GIVEN_ALREADY
    return "" if request.is_undecided else DECIDED


@transaction.atomic
def give(request: GrantRequest, reviewer: User, scores: dict[str, int], comment: str) -> Review:
    """Keeps a reviewer's points, one number of Review.Points for the key of each scored criterion."""
    if not GrantRequest.objects.visible_to(reviewer).filter(pk=request.pk).exists():
        raise states.Refused(NOT_ASKED)
    current = GrantRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not current.is_undecided:
        raise states.Refused(DECIDED)
    if set(scores) != {criterion.key for criterion in current.criteria.scored}:
        raise states.Refused(INCOMPLETE)
    given = Review.objects.filter(request=request, reviewer=reviewer, given_at=None).update(
        scores={key: int(points) for key, points in scores.items()},
        comment=comment,
        given_at=timezone.now(),
    )
    if not given:
        raise states.Refused(refusal(current, reviewer))
    log(request, "funding.reviewed", user=reviewer)
    return current.reviews.get(reviewer=reviewer)


def shown_to(request: GrantRequest, user: User) -> list[Review]:
    """The reviews that ``user`` may read: their own, and the others' once they owe none. One query."""
    reviews = list(request.reviews.select_related("reviewer"))
    owes = any(review.reviewer_id == user.pk and not review.is_given for review in reviews)
    return [
        review
        for review in reviews
        if review.reviewer_id == user.pk or (review.is_given and not owes)
    ]


def with_names(reviews: Iterable[Review]) -> list[Review]:
    """The reviews, each with its reviewer's name as ``reviewer_name``."""
    reviews = list(reviews)
    for review in reviews:
        review.reviewer_name = name_of(review.reviewer) if review.reviewer else str(HAS_LEFT)
    return reviews


def points_by_criterion(criteria: CriteriaVersion, reviews: list[Review]) -> list[tuple]:
    """Rows of (criterion, points of each of the given reviews), in the order of the criteria.

    ``criteria`` is the request's version, in the language of whoever reads.
    """
    return [
        (criterion, [review.scores.get(criterion.key) for review in reviews])
        for criterion in criteria.scored
    ]

"""What participants say of a session: asked once, kept without names, summed up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from hub.forms.links import token_for
from tests.factories import SessionPageFactory
from tests.registering import let_time_pass, make_registration, registration_of, token_of
from training import evaluation, seats
from training.models import Evaluation, Registration

OPINION = {"usefulness": "4", "fit": "right", "will_use": "yes", "keep": "The pace", "change": ""}


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def session(site):
    return SessionPageFactory(parent=site.training, starts_at=timezone.now() - timedelta(hours=3))


def place(registration) -> str:
    return reverse("registration_evaluation", args=[token_for(registration)])


def give(client, registration, **changes):
    form = client.get(place(registration))
    return client.post(place(registration), OPINION | {"hub-token": token_of(form)} | changes)


@pytest.mark.parametrize("status", ["confirmed", "attended"])
def test_participant_is_asked_once_and_a_second_click_is_harmless(client, session, status):
    registration = make_registration(session, status=status)
    data = OPINION | {"hub-token": token_of(client.get(place(registration)))}
    responses = [client.post(place(registration), data, follow=True) for _click in range(2)]
    for response in responses:
        assert response.status_code == 200
        assert "kept without your name" in response.content.decode()
    opinion = Evaluation.objects.get()
    assert (opinion.usefulness, opinion.fit, opinion.keep) == (4, "right", "The pace")
    assert opinion.roster_id == registration.roster_id
    assert registration_of().evaluated_at


def test_link_to_the_question_thanks_whoever_has_answered(client, session):
    registration = make_registration(session)
    give(client, registration)
    response = client.get(place(registration), follow=True)
    text = response.content.decode()
    assert "kept without your name" in text
    assert "notice--error" not in text


def test_opinion_leads_back_to_nobody():
    fields = {field.name for field in Evaluation._meta.get_fields()}
    assert fields == {
        "id", "roster", "locale", "usefulness", "fit", "will_use", "keep", "change", "may_quote",
    }  # fmt: skip


def test_one_of_two_opinions_at_once_is_kept(session):
    registration = make_registration(session)
    late = Registration.objects.select_related("roster").get(pk=registration.pk)
    opinion = {"usefulness": 5, "fit": "right", "will_use": "no"}
    evaluation.give(registration, opinion)
    with pytest.raises(seats.Refused, match="You have said"):
        evaluation.give(late, opinion)
    assert Evaluation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"usefulness": ""}, "Choose one."),
        ({"usefulness": "6"}, "no longer on offer"),
        ({"keep": "x" * 2001}, "Take out 1 character"),
        ({"change": "a\x00b"}, "invisible character"),
        ({"hub-token": "nonsense"}, "could not tell"),
    ],
)
def test_bad_answer_is_refused_and_nothing_is_lost(client, session, changes, sentence):
    response = give(client, make_registration(session), **{"keep": "The pace"} | changes)
    assert response.status_code == 422
    text = response.content.decode()
    assert sentence in text
    assert changes.get("keep", "The pace") in text
    assert not Evaluation.objects.exists()
    assert registration_of().evaluated_at is None


@pytest.mark.parametrize("status", ["waiting", "cancelled", "no-show"])
def test_those_without_a_part_are_not_asked(client, session, status):
    registration = make_registration(session, status=status)
    for response in (client.get(place(registration)), client.post(place(registration), OPINION)):
        assert response.status_code == 403
        assert "Only those who had a seat" in response.content.decode()
    assert not Evaluation.objects.exists()


def test_nobody_is_asked_before_the_session_is_over(client, site):
    registration = make_registration(SessionPageFactory(parent=site.training))
    response = client.get(place(registration))
    assert response.status_code == 403
    assert "once it is over" in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_summary_counts_what_was_said_in_two_queries(session, number, django_assert_num_queries):
    registration = make_registration(session, status="attended")
    make_registration(session, "bela", "confirmed")
    make_registration(session, "chi", "no-show")
    for usefulness in range(3, 3 + number):
        Evaluation.objects.create(
            roster=registration.roster,
            locale=Locale.get_default(),
            usefulness=usefulness,
            fit="too-hard",
            will_use="maybe",
            keep="The pace" if usefulness == 3 else "",
            may_quote=True,
        )
    with django_assert_num_queries(2):
        found = evaluation.summary(registration.roster)
    assert found.given == number
    assert found.mean == (3 if number == 1 else 4)
    assert [count for _label, count in found.usefulness] == ([0, 0, 1, 0, 0], [1, 1, 1, 0, 0])[
        number == 3
    ]
    assert [count for _label, count in found.fit] == [0, 0, number]
    assert [count for _label, count in found.will_use] == [0, number, 0]
    assert found.comments == [evaluation.Comment("The pace", "", True, "en")]
    assert found.response_rate == (50 if number == 1 else 100)


def test_summary_of_nothing_has_no_mean(session):
    found = evaluation.summary(make_registration(session, status="waiting").roster)
    assert (found.given, found.asked, found.mean, found.response_rate) == (0, 0, None, 0)

"""How long requests are kept, and what is left of a person who is erased."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from funding import decisions, states
from funding.models import (
    Conflict,
    Decision,
    GrantRequest,
    OutcomeReport,
    RequestMessage,
    Review,
)
from funding.states import Actor
from hub import jobs, privacy, private_files
from hub.forms.pages import months_later
from hub.models import Attachment, OutgoingMail, Submission, User
from tests.asking import make_request, officer, open_fund, reviewer


@pytest.fixture
def fund(site):
    return open_fund(site)


def attach(request) -> str:
    """A file of the request; its path in the storage."""
    upload = SimpleUploadedFile("plan.txt", b"Two briefings, one hearing.")
    assert private_files.keep_all(request, [upload]) == []
    return Attachment.objects.get(submission=request).path


def days_kept(request) -> int:
    request.refresh_from_db()
    return (request.retained_until - timezone.localdate()).days


def test_declined_request_is_kept_for_twelve_months_and_an_award_for_seven_years(fund):
    today, olu = timezone.localdate(), officer()
    declined = make_request(fund.form, "bo")
    key = declined.criteria.criteria[0].key
    outcome = decisions.Outcome(Decision.Kind.DECLINE, reasons=[key])
    decisions.decide(declined, outcome, subject="No", letter="No.", user=olu)
    awarded = make_request(fund.form, "amina")
    outcome = decisions.Outcome(
        Decision.Kind.AWARD, amount=3800, currency="USD", purpose="Contracts"
    )
    decisions.decide(awarded, outcome, subject="Yes", letter="Yes.", user=olu)
    assert days_kept(declined) == (months_later(today, 12) - today).days
    assert days_kept(awarded) == (months_later(today, 84) - today).days


def test_withdrawn_request_is_kept_for_twelve_months(fund):
    today, request = timezone.localdate(), make_request(fund.form)
    decisions.withdraw(request, actor=Actor.APPLICANT)
    assert days_kept(request) == (months_later(today, 12) - today).days


def test_draft_nobody_has_seen_goes_with_its_files(fund, django_capture_on_commit_callbacks):
    draft = make_request(fund.form, status="draft")
    path = attach(draft)
    Submission.objects.update(retained_until=timezone.localdate() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.delete_expired_submissions()
    assert not GrantRequest.objects.exists()
    assert not Attachment.objects.exists()
    assert not storages["private"].exists(path)


def test_request_whose_time_is_over_leaves_figures_and_nobody(
    fund, django_capture_on_commit_callbacks
):
    olu = officer()
    request = make_request(fund.form, may_be_named=True, public_name="Harbour Budget Watch")
    path = attach(request)
    Review.objects.create(request=request, reviewer=reviewer(), comment="Knows Amina.")
    RequestMessage.objects.create(request=request, kind="answer", text="Amina.", key="k")
    outcome = decisions.Outcome(
        Decision.Kind.AWARD, amount=3800, currency="USD", purpose="Contracts"
    )
    decisions.decide(request, outcome, subject="Yes", letter="Dear Amina", user=olu)
    OutcomeReport.objects.create(request=request, answers={"hub-did": "Amina did."})
    Submission.objects.update(retained_until=timezone.localdate() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.delete_expired_submissions()
    left = GrantRequest.objects.get()
    assert (left.status, left.country, left.amount) == (states.AWARDED, "KE", 3800)
    assert (left.form_data, left.address, left.search_text, left.link_key) == ({}, "", "", "")
    assert (left.public_name, left.may_be_named) == ("", None)
    assert left.decision.purposes == {"en": "Contracts"}
    assert (left.decision.letter, left.decision.subject, left.decision.conditions) == ("", "", "")
    for gone in (Attachment, OutgoingMail, Review, RequestMessage, OutcomeReport):
        assert not gone.objects.exists()
    assert not storages["private"].exists(path)
    assert not GrantRequest.objects.visible_to(olu).exists()


def test_log_keeps_who_and_forgets_why(fund):
    request = make_request(fund.form)
    decisions.withdraw(request, actor=Actor.OFFICER, user=officer(), why="Amina called.")
    entries = ModelLogEntry.objects.filter(action="funding.withdrawn")
    assert entries.get().data["why"] == "Amina called."
    privacy.erase("amina@example.org")
    assert (entries.get().user.username, entries.get().data) == ("olu", {})


def test_second_run_of_retention_changes_nothing(fund):
    make_request(fund.form)
    Submission.objects.update(retained_until=timezone.localdate() - timedelta(days=1))
    jobs.delete_expired_submissions()
    first = GrantRequest.objects.get().anonymised_at
    jobs.delete_expired_submissions()
    assert GrantRequest.objects.get().anonymised_at == first


def test_person_is_given_all_that_is_held_of_their_requests(fund):
    request = make_request(fund.form, status="paid")
    attach(request)
    RequestMessage.objects.create(request=request, kind="question", text="Who runs it?", key="k")
    OutcomeReport.objects.create(request=request, answers={"hub-did": "Two briefings."})
    data = privacy.as_data(privacy.find("amina@example.org"))["submissions"][0]
    assert data["status"] == "paid"
    assert data["messages"][0]["text"] == "Who runs it?"
    assert data["report"]["answers"] == {"hub-did": "Two briefings."}
    assert [held["name"] for held in data["files"]] == ["plan.txt"]
    answers = {line["question"]: line["answer"] for line in data["answers"]}
    assert answers["Who will run it?"] == "A campaign manager, 24 hours a week for ten weeks."


def test_erasing_a_person_leaves_others_alone(fund, django_capture_on_commit_callbacks):
    make_request(fund.form, "amina")
    make_request(fund.form, "bo")
    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase("amina@example.org")
    assert list(GrantRequest.objects.values_list("address", flat=True).order_by("address")) == [
        "",
        "bo@example.org",
    ]
    assert not privacy.find("amina@example.org")


# Who may be shown it as personal data


def hand_over(client, user, action: str = "find") -> str:
    from django.urls import reverse

    client.force_login(user)
    answer = client.post(
        reverse("hub_personal_data"), {"address": "amina@example.org", "action": action}
    )
    return answer.content.decode()


def with_erasing(user):
    from django.contrib.auth.models import Permission

    from hub.models import User

    user.user_permissions.add(Permission.objects.get(codename="erase_person"))
    return User.objects.get(pk=user.pk)


def test_personal_data_shows_nobody_a_request_they_may_not_read(fund, client):
    request = make_request(fund.form, is_confidential=True, assignee=officer("assigned"))
    OutgoingMail.objects.create(
        key="k", to="amina@example.org", subject="Secret", language="en", submission=request
    )
    other = with_erasing(officer("other"))
    for action in ("find", "export", "erase"):
        said = hand_over(client, other, action)
        assert request.reference not in said
        assert "Secret" not in said
    assert "There is more that you may not see" in hand_over(client, other)
    assert GrantRequest.objects.get().anonymised_at is None
    assert OutgoingMail.objects.exists()


@pytest.mark.parametrize("is_administrator", [False, True])
def test_conflict_of_interest_holds_for_personal_data_too(fund, client, is_administrator):
    request, olu = make_request(fund.form), with_erasing(officer())
    User.objects.filter(pk=olu.pk).update(is_superuser=is_administrator)
    assert request.reference in hand_over(client, olu)
    Conflict.objects.create(request=request, user=olu)
    assert request.reference not in hand_over(client, olu)
    hand_over(client, olu, "erase")
    assert GrantRequest.objects.get().address == "amina@example.org"


def outbox_shown_to(client, user, mail) -> list[bool]:
    """Whether a mail is in the list of outgoing mail, can be opened there, and be sent again."""
    client.force_login(user)
    pages = [client.get(f"/admin/outgoing_mail/{tail}") for tail in ("", f"inspect/{mail.pk}/")]
    again = client.get(f"/admin/outgoing_mail/send-again/{mail.pk}/")
    assert {page.status_code for page in [*pages, again]} <= {200, 404}
    return ["The letter" in page.content.decode() for page in pages] + [again.status_code == 200]


def test_mails_about_a_request_are_kept_from_who_may_not_read_it(fund, client, admin_user):
    request = make_request(fund.form, is_confidential=True)
    mail = OutgoingMail.objects.create(
        key="k", to="a@example.org", subject="The letter", language="en", submission=request
    )
    olu = officer()
    olu.user_permissions.add(Permission.objects.get(codename="change_outgoingmail"))
    assert outbox_shown_to(client, olu, mail) == [False, False, False]
    assert outbox_shown_to(client, admin_user, mail) == [True, True, True]
    Conflict.objects.create(request=request, user=admin_user)
    assert outbox_shown_to(client, admin_user, mail) == [False, False, False]
    GrantRequest.objects.update(is_confidential=False)
    assert outbox_shown_to(client, olu, mail) == [True, True, True]


def test_administrator_can_erase_what_others_may_not_see(fund, client, admin_user):
    make_request(fund.form, is_confidential=True, assignee=officer("assigned"))
    hand_over(client, admin_user, "erase")
    assert GrantRequest.objects.get().address == ""

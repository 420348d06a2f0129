"""Who said what, and when, on the page of a request, and what is written down of reading it."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from funding.criteria import in_language
from funding.models import CriteriaVersion, OutcomeReport, RequestMessage
from tests.asking import make_request, officer, open_fund, shown


@pytest.fixture
def fund(site):
    return open_fund(site, {"statement": "A window"}, {"statement": "A plan"})


@pytest.fixture
def olu(client, fund):
    user = officer()
    client.force_login(user)
    return user


def test_question_of_a_colleague_who_was_deleted_is_not_the_applicants(client, fund, olu):
    request, other = make_request(fund.form), officer("other")
    RequestMessage.objects.create(
        request=request, kind="question", text="Who runs it?", author=other, key="k"
    )
    other.delete()
    said = shown(client.get(reverse("grant_requests:request", args=[request.pk])))
    assert "The team asked" in said
    assert "The applicant wrote" not in said


def test_reading_a_report_is_written_down(client, fund, olu):
    request = make_request(fund.form, status="reported")
    OutcomeReport.objects.create(request=request, answers={"hub-did": "Two briefings."})
    client.get(reverse("grant_requests:report", args=[request.pk]))
    assert ModelLogEntry.objects.get(action="funding.viewed").user == olu


def test_translation_with_other_criteria_is_not_the_same_version(fund):
    """It would be reviewed for criteria that it is not judged by, and no review be taken."""
    version = make_request(fund.form).criteria
    as_many = [words | {"statement": "Una ventana"} for words in version.content]
    spanish = {"fund_key": version.fund_key, "language": "es", "number": version.number}
    same = CriteriaVersion.objects.create(content=as_many, **spanish)
    CriteriaVersion.objects.create(content=as_many[:1], **spanish)
    assert in_language(version, "es") == same
    same.delete()
    assert in_language(version, "es") == version

"""One record of criteria: when a version is made, which one holds, and that none ever changes."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from funding.criteria import criteria_for, in_language, record
from funding.models import CriteriaVersion, Criterion, FundPage, GrantRequest
from tests.asking import make_request, open_fund
from tests.factories import CriterionFactory
from tests.translating import locale_of, submit, translate


@pytest.fixture
def fund(site):
    return open_fund(site, {"statement": "A window", "hint": "Name the day."})


def versions(language: str = "en") -> list[tuple[int, list[str]]]:
    rows = CriteriaVersion.objects.filter(language=language).order_by("pk")
    return [(row.number, [criterion.statement for criterion in row.criteria]) for row in rows]


def change(fund, **words):
    """Publishes the fund's page with its first criterion changed."""
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    for name, value in words.items():
        setattr(criteria[0], name, value)
    page.criteria = criteria
    page.save_revision().publish()
    return page


def test_publishing_makes_a_version_and_publishing_again_makes_none(fund):
    assert versions() == [(1, ["A window"])]
    fund.page.save_revision().publish()
    assert versions() == [(1, ["A window"])]


@pytest.mark.parametrize(
    "field", ["statement", "explanation", "if_not_met", "hint", "rubric", "decline"]
)
def test_change_of_any_word_makes_a_version(fund, field):
    change(fund, **{field: "Other words"})
    assert [number for number, _statements in versions()] == [1, 2]


def test_draft_of_other_words_is_no_version(fund):
    page = FundPage.objects.get(pk=fund.page.pk)
    page.criteria = [CriterionFactory.build(statement="Later", locale=page.locale)]
    page.save_revision()
    assert versions() == [(1, ["A window"])]


def test_change_that_is_scheduled_is_a_version_when_its_time_comes(fund):
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    criteria[0].statement = "Later"
    page.criteria = criteria
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    revision.publish()
    assert versions() == [(1, ["A window"])]
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert versions() == [(1, ["A window"]), (2, ["Later"])]


def test_request_keeps_its_version_for_ever(fund):
    request = make_request(fund.form)
    change(fund, statement="A vote", decline="No vote.")
    request = GrantRequest.objects.get(pk=request.pk)
    assert request.criteria.number == 1
    assert [criterion.statement for criterion in request.criteria.criteria] == ["A window"]
    assert criteria_for(FundPage.objects.get()).number == 2


def test_version_cannot_be_changed(fund):
    version = CriteriaVersion.objects.get()
    version.content = []
    with pytest.raises(TypeError, match="does not change"):
        version.save()


def test_criterion_is_the_same_one_in_every_version(fund):
    change(fund, statement="A vote")
    keys = {version.criteria[0].key for version in CriteriaVersion.objects.all()}
    assert keys == {str(Criterion.objects.get().translation_key)}


def test_translation_has_the_number_of_the_source_it_says_the_same_as(fund):
    spanish = locale_of("es")
    translate(fund.page, spanish)
    assert [number for number, _statements in versions("es")] == [1]
    assert versions("en") == [(1, ["A window"])]
    version = criteria_for(FundPage.objects.get(locale=spanish))
    assert version.language == "es"
    assert in_language(version, "en").language == "en"


def test_translation_mended_later_keeps_its_number(fund):
    spanish = locale_of("es")
    translate(fund.page, spanish)
    page = FundPage.objects.get(locale=spanish)
    criteria = list(page.criteria.all())
    criteria[0].statement = "Una ventana"
    page.criteria = criteria
    page.save_revision().publish()
    assert [number for number, _statements in versions("es")] == [1, 1]
    assert criteria_for(page).criteria[0].statement == "Una ventana"


def test_translation_that_lacks_a_new_criterion_belongs_to_the_version_before(fund):
    spanish = locale_of("es")
    translate(fund.page, spanish)
    page = FundPage.objects.get(pk=fund.page.pk)
    added = CriterionFactory.build(statement="A manager", sort_order=1, locale=page.locale)
    page.criteria = [*page.criteria.all(), added]
    page.save_revision().publish()
    assert [number for number, _statements in versions("en")] == [1, 2]
    page = FundPage.objects.get(locale=spanish)
    criteria = list(page.criteria.all())
    criteria[0].statement = "Una ventana"
    page.criteria = criteria
    record(page, is_source=False)
    assert [number for number, _statements in versions("es")] == [1, 1]


def test_version_that_was_never_in_a_language_is_shown_in_its_own(fund):
    version = CriteriaVersion.objects.get()
    assert in_language(version, "fr") == version


def test_pause_of_the_source_holds_in_every_language_at_once(fund):
    spanish = locale_of("es")
    translate(fund.page, spanish)
    assert FundPage.objects.get(locale=spanish).pause == ""
    page = FundPage.objects.get(pk=fund.page.pk)
    page.is_paused = True
    page.save_revision().publish()
    assert FundPage.objects.get(locale=spanish).pause != ""


def test_hints_of_the_form_follow_the_criteria(fund, client):
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    criteria[0].question = "hub-closes"
    page.criteria = criteria
    page.save_revision().publish()
    assert b"Name the day." in client.get(fund.form.url).content
    change(fund, hint="Say how you know it.")
    answer = client.get(fund.form.url).content
    assert b"Say how you know it." in answer
    assert b"Name the day." not in answer


def test_every_word_of_a_criterion_is_for_translators(fund):
    from wagtail_localize.models import StringSegment

    change(fund, explanation="E", if_not_met="I", rubric="R", decline="D", hint="H")
    submit(fund.page, locale_of("es"))
    words = set(StringSegment.objects.values_list("string__data", flat=True))
    assert {"A window", "E", "I", "R", "D", "H"} <= words

"""One record of criteria: when a version is made, which one holds, and that none ever changes."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from wagtail_localize.models import StringSegment

from funding.criteria import criteria_for, in_language, record
from funding.models import CriteriaVersion, Criterion, FundPage, GrantRequest, RequestPage
from funding.models.fund import FACTS
from hub.admin.submissions import IN_USE
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


def test_another_order_is_another_version(site):
    fund = open_fund(site, {"statement": "A window"}, {"statement": "A manager"})
    page = FundPage.objects.get(pk=fund.page.pk)
    first, second = page.criteria.all()
    first.sort_order, second.sort_order = 1, 0
    page.criteria = [second, first]
    page.save_revision().publish()
    assert versions() == [(1, ["A window", "A manager"]), (2, ["A manager", "A window"])]


def test_criterion_that_was_taken_out_stays_in_the_versions_before(site):
    fund = open_fund(site, {"statement": "A window"}, {"statement": "A manager"})
    page = FundPage.objects.get(pk=fund.page.pk)
    page.criteria = [page.criteria.first()]
    page.save_revision().publish()
    assert versions() == [(1, ["A window", "A manager"]), (2, ["A window"])]


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
    mended = criteria_for(page)
    assert mended.criteria[0].statement == "Una ventana"
    assert mended.made_at == CriteriaVersion.objects.filter(language="es").last().made_at


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


OTHER_FACTS = {
    "currency": "EUR",
    "usual_maximum": 8000,
    "decision_days": 21,
    "report_days": 60,
    "is_paused": True,
}


def facts_of(page) -> dict:
    page = FundPage.objects.get(pk=page.pk)
    return {name: getattr(page, name) for name in FACTS}


def publish_with(page, facts: dict):
    page = FundPage.objects.get(pk=page.pk)
    for name, value in facts.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_facts_of_the_source_hold_in_every_language_at_once(fund):
    page = translate(fund.page, "es")
    publish_with(fund.page, OTHER_FACTS)
    assert facts_of(page) == facts_of(fund.page) == OTHER_FACTS
    assert FundPage.objects.get(pk=page.pk).pause != ""


def test_whoever_edits_a_translation_cannot_change_a_fact(fund):
    page = translate(fund.page, "es")
    before = facts_of(fund.page)
    publish_with(page, OTHER_FACTS)
    assert facts_of(page) == facts_of(fund.page) == before


def test_publishing_a_stale_translation_takes_no_fact_back(fund):
    stale = translate(fund.page, "es").save_revision()
    publish_with(fund.page, OTHER_FACTS)
    stale.publish()
    assert facts_of(stale.content_object) == facts_of(fund.page) == OTHER_FACTS


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


def test_every_word_is_for_translators_and_no_fact_is(fund):
    change(fund, explanation="E", if_not_met="I", rubric="R", decline="D", hint="H")
    publish_with(fund.page, {"pause_message": "P", "amount_note": "A"})
    source = submit(FundPage.objects.get(pk=fund.page.pk), locale_of("es")).source
    segments = StringSegment.objects.filter(source=source)
    words = set(segments.values_list("string__data", flat=True))
    assert {"A window", "E", "I", "R", "D", "H", "P", "A"} <= words
    paths = set(segments.values_list("context__path", flat=True))
    paths |= set(source.overridablesegment_set.values_list("context__path", flat=True))
    names = {path.rpartition(".")[2] for path in paths}
    assert {"statement", "pause_message"} <= names
    assert not names & {*FACTS, "kind", "question"}


def test_editor_says_how_many_requests_are_under_which_version(fund, admin_client):
    make_request(fund.form, "amina")
    make_request(fund.form, "bela", "draft")
    change(fund, statement="A vote")
    fund.form = RequestPage.objects.get(pk=fund.form.pk)
    make_request(fund.form, "chi")
    make_request(fund.form, "dara", "declined")
    html = admin_client.get(f"/admin/pages/{fund.page.pk}/edit/").content
    panel = BeautifulSoup(html, "html.parser").find(id=re.compile("versions_of_the_criteria"))
    assert [" ".join(item.text.split()) for item in panel.find_all("li")] == [
        "Version 2: 2 requests, 1 of them undecided",
        "Version 1: 1 request, 1 of them undecided",
    ]


def test_fund_that_was_asked_cannot_be_deleted(fund, admin_client):
    make_request(fund.form)
    answer = admin_client.post(f"/admin/pages/{fund.page.pk}/delete/", follow=True)
    assert str(IN_USE) in answer.content.decode()
    assert FundPage.objects.filter(pk=fund.page.pk).exists()
    assert GrantRequest.objects.get().criteria.number == 1

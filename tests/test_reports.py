"""Reports on what came of a campaign, and the stories they become."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from funding import decisions, jobs, reports, states
from funding.models import GrantRequest, OutcomeReport
from home.models import StoryPage
from hub.models import OutgoingMail
from tests.asking import make_request, officer, open_fund, reviewer
from tests.factories import ChapterPageFactory, TemplatePageFactory

GIVEN = {
    "hub-did": "Two briefings and a hearing.",
    "hub-changed": "The rule lapsed on 30 June.",
    "hub-lessons": "Begin earlier.",
    "hub-cost": "Ten weeks of one manager: 3,800.",
}


@pytest.fixture
def fund(site):
    return open_fund(site)


def form_with(fund, **answers) -> reports.ReportForm:
    form = reports.ReportForm(GIVEN | answers, page=fund.form)
    form.is_valid()
    form.errors.clear()  # of the token, which the view's form has
    return form


def test_report_is_kept_and_the_team_told(fund):
    request = make_request(fund.form, status="paid")
    report = reports.give(request, form_with(fund))
    assert report.answers["hub-changed"] == GIVEN["hub-changed"]
    assert (report.consented_at, report.consent_text) == (None, "")
    assert GrantRequest.objects.get().status == "reported"
    assert OutgoingMail.objects.get().occasion == "funding.reported"


@pytest.mark.parametrize("status", ["sent", "awarded", "declined", "withdrawn"])
def test_report_is_taken_of_paid_grants_alone(fund, status):
    with pytest.raises(states.Refused, match="once the grant has been paid"):
        reports.give(make_request(fund.form, status=status), form_with(fund))


def test_report_is_given_once(fund):
    request = make_request(fund.form, status="paid")
    reports.give(request, form_with(fund))
    with pytest.raises(states.Refused, match="We have your report"):
        reports.give(request, form_with(fund))
    assert OutcomeReport.objects.count() == 1


def test_tools_on_offer_are_those_that_say_so_of_themselves(fund, site):
    chapter = ChapterPageFactory(parent=site.toolkit, title="Map supporters")
    template = TemplatePageFactory(parent=site.templates, title="A plan")
    with translation.override("en"):
        form = reports.ReportForm(page=fund.form)
    assert dict(form.fields["hub-tools"].choices) == {
        str(chapter.translation_key): "Map supporters",
        str(template.translation_key): "A plan",
    }


def test_agreed_report_becomes_the_draft_of_a_story_with_its_tools(fund, site):
    chapter = ChapterPageFactory(parent=site.toolkit)
    request = make_request(fund.form, status="paid", may_be_named=True, public_name="Harbour Watch")
    with translation.override("en"):
        form = form_with(
            fund, **{"hub-tools": [str(chapter.translation_key)], "hub-may-tell": "on"}
        )
        reports.give(request, form)
    olu = officer()
    story = reports.make_story(request, user=olu)
    stored = StoryPage.objects.get(pk=story.pk)
    assert not stored.live
    assert stored.get_parent() == site.stories.page_ptr
    assert (stored.owner, stored.organisation) == (olu, "Harbour Watch")
    assert [tool.target_id for tool in stored.tools.all()] == [chapter.pk]
    assert "The rule lapsed on 30 June." in str(stored.body)
    assert "3,800" not in str(stored.body)
    assert reports.make_story(request, user=olu).pk == story.pk
    assert StoryPage.objects.count() == 1


def test_what_was_spent_is_left_out_of_a_story_and_nothing_that_is_like_it(fund):
    request = make_request(fund.form, status="paid")
    same = {"hub-lessons": "Nothing.", "hub-cost": "Nothing.", "hub-may-tell": "on"}
    reports.give(request, form_with(fund, **same))
    story = reports.make_story(request, user=officer())
    assert str(story.body).count("Nothing.") == 1


def test_story_names_nobody_who_has_not_agreed_to_it(fund):
    request = make_request(fund.form, status="paid")
    reports.give(request, form_with(fund, **{"hub-may-tell": "on"}))
    assert reports.make_story(request, user=officer()).organisation == ""


def test_report_that_may_not_be_told_becomes_no_story(fund):
    request = make_request(fund.form, status="paid")
    reports.give(request, form_with(fund))
    with pytest.raises(states.Refused, match="has not agreed"):
        reports.make_story(request, user=officer())


def test_what_a_grantee_wrote_becomes_no_markup(fund):
    request = make_request(fund.form, status="paid")
    wrong = {"hub-did": "<script>alert(1)</script>", "hub-may-tell": "on"}
    reports.give(request, form_with(fund, **wrong))
    story = reports.make_story(request, user=officer())
    assert "<script>" not in str(story.body)
    assert "&lt;script&gt;" in str(story.body)


def test_reviewer_makes_no_story(fund):
    request = make_request(fund.form, status="paid")
    reports.give(request, form_with(fund, **{"hub-may-tell": "on"}))
    with pytest.raises(states.Refused, match="may not"):
        reports.make_story(request, user=reviewer())


def test_report_on_a_window_that_has_closed_is_due_by_the_day_of_the_payment(fund):
    today = timezone.localdate()
    closed = today - timedelta(days=10)
    request = make_request(fund.form, status="awarded", window_closes=closed)
    decisions.note_payment(request, today, "", user=officer())
    due = today + timedelta(days=fund.page.report_days)
    assert (request.report_due, request.remind_on) == (due, due)


def test_report_is_asked_for_when_it_is_due_and_once_more(fund):
    today = timezone.localdate()
    make_request(fund.form, "amina", status="paid", remind_on=today)
    make_request(fund.form, "bo", status="paid", remind_on=today + timedelta(days=1))
    make_request(fund.form, "cem", status="reported", remind_on=today)
    make_request(fund.form, "dia", status="paid", remind_on=today, anonymised_at=timezone.now())

    def asked():
        jobs.ask_for_reports()
        return list(OutgoingMail.objects.values_list("to", flat=True))

    assert asked() == ["amina@example.org"]
    assert asked() == ["amina@example.org"]
    first = GrantRequest.objects.get(address="amina@example.org")
    assert (first.reminders, first.remind_on) == (1, today + timedelta(days=14))
    GrantRequest.objects.filter(pk=first.pk).update(remind_on=today)
    assert asked() == ["amina@example.org"] * 2
    first.refresh_from_db()
    assert (first.reminders, first.remind_on) == (2, None)

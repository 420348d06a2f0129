"""Drafts of requests: what is kept, who is told, and that nothing is lost."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from funding import drafts, states
from funding.models import GrantRequest
from hub.models import OutgoingMail
from tests.asking import ANSWERS, closes_in, make_request, open_fund


@pytest.fixture
def fund(site):
    return open_fund(site)


@pytest.fixture
def draft(fund):
    return make_request(fund.form, status="draft")


def bound(page, draft, **changes):
    """The form with what was typed, as it is when the draft is sent."""
    given = ANSWERS | {"hub-closes": closes_in(40)} | changes
    form = page.form_class_for(draft.criteria)(given, page=page)
    form.full_clean()
    return form


def test_draft_keeps_what_was_typed_right_or_wrong(fund):
    form_class = fund.form.get_form_class()
    given = drafts.typed(
        form_class,
        {"hub-amount": "about 5", "hub-closes": "end of June", "hub-goal": "", "other": "x"},
    )
    assert given == {"hub-amount": "about 5", "hub-closes": "end of June"}


def test_nul_is_left_out_of_what_was_typed(fund):
    form_class = fund.form.get_form_class()
    assert drafts.typed(form_class, {"hub-goal": "a\x00b"}) == {"hub-goal": "ab"}


def test_draft_that_is_too_long_is_refused(fund):
    form_class = fund.form.get_form_class()
    with pytest.raises(drafts.ValidationError, match="more than a draft can hold"):
        drafts.typed(form_class, {"hub-goal": "x" * (drafts.LARGEST + 1)})


def test_consent_is_not_kept_before_it_is_given(fund):
    assert drafts.typed(fund.form.get_form_class(), {"hub-consent": "on"}) == {}


def test_beginning_twice_with_one_form_gives_one_draft(fund):
    first = drafts.begin(fund.form, {"hub-goal": "A"}, "one-key")
    again = drafts.begin(fund.form, {"hub-goal": "B"}, "one-key")
    assert first.pk == again.pk
    assert GrantRequest.objects.get().typed == {"hub-goal": "B"}


def test_draft_is_kept_for_sixty_days_since_it_was_seen(fund):
    draft = drafts.begin(fund.form, {}, "key")
    assert draft.retained_until == timezone.localdate() + timedelta(days=60)
    GrantRequest.objects.update(retained_until=date(2022, 1, 1))
    draft.refresh_from_db()
    drafts.keep_longer(draft, fund.form)
    draft.refresh_from_db()
    assert draft.retained_until == timezone.localdate() + timedelta(days=60)


def test_saving_costs_one_query(draft, django_assert_num_queries):
    with django_assert_num_queries(1):
        saved = drafts.save(draft, {"hub-goal": "B"}, 1)
    assert not saved.is_conflict
    draft.refresh_from_db()
    assert (draft.typed, draft.revision) == ({"hub-goal": "B"}, 2)


def test_later_of_two_browsers_is_told_and_nothing_is_lost(draft):
    drafts.save(draft, {"hub-goal": "First"}, 1)
    later = drafts.save(GrantRequest.objects.get(), {"hub-goal": "Second"}, 1)
    assert later.is_conflict
    kept = GrantRequest.objects.get()
    assert kept.typed == {"hub-goal": "First"}
    assert [entry["typed"] for entry in kept.set_aside] == [{"hub-goal": "Second"}]
    assert kept.revision == 2


def test_same_words_from_two_browsers_are_no_conflict(draft):
    drafts.save(draft, {"hub-goal": "Same"}, 1)
    assert not drafts.save(draft, {"hub-goal": "Same"}, 1).is_conflict
    assert GrantRequest.objects.get().set_aside == []


def test_words_set_aside_stay_until_somebody_has_decided(draft):
    drafts.save(draft, {"hub-goal": "First"}, 1)
    drafts.save(draft, {"hub-goal": "Second"}, 1)
    drafts.save(draft, {"hub-goal": "Third"}, 2)
    assert len(GrantRequest.objects.get().set_aside) == 1
    drafts.save(draft, {"hub-goal": "Fourth"}, 3, resolves=True)
    assert GrantRequest.objects.get().set_aside == []


def test_latest_words_are_set_aside_and_each_once(draft):
    drafts.save(draft, {"hub-goal": "First"}, 1)
    later = [{"hub-goal": f"Later {number}"} for number in range(drafts.MOST_SET_ASIDE + 1)]
    for words in [*later, later[-1]]:
        assert drafts.save(draft, words, 1).is_conflict
    assert [entry["typed"] for entry in GrantRequest.objects.get().set_aside] == later[1:]


def test_sending_a_draft_gives_the_desk_what_it_needs(fund, draft):
    form = bound(fund.form, draft, **{"hub-amount": "5.000,00"})
    assert form.is_valid() is False  # without a token, which the view adds
    form.errors.clear()
    drafts.send(draft, form, fund.form)
    sent = GrantRequest.objects.get()
    assert sent.status == states.SENT
    assert (sent.amount, sent.currency, sent.country) == (5000, "USD", "KE")
    assert sent.window_closes == timezone.localdate() + timedelta(days=40)
    assert sent.target_on == timezone.localdate() + timedelta(days=14)
    assert sent.form_data["hub-amount"] == "5000.00"
    assert (sent.address, sent.typed) == ("amina@example.org", {})
    assert sent.consent_text == fund.form.consent_words
    occasions = list(OutgoingMail.objects.order_by("pk").values_list("occasion", "to"))
    assert occasions == [
        ("funding.receipt", "amina@example.org"),
        ("funding.staff", "grants@example.org"),
    ]


def test_draft_is_sent_once(fund, draft):
    form = bound(fund.form, draft)
    form.errors.clear()
    drafts.send(draft, form, fund.form)
    with pytest.raises(states.Refused):
        drafts.send(GrantRequest.objects.get(), form, fund.form)
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("revision", [1, 0])
def test_draft_that_was_saved_elsewhere_since_is_not_sent_over_it(fund, draft, revision):
    form = bound(fund.form, draft)
    form.errors.clear()
    drafts.save(GrantRequest.objects.get(), {"hub-goal": "Elsewhere"}, revision)
    with pytest.raises(states.Refused):
        drafts.send(draft, form, fund.form)
    kept = GrantRequest.objects.get()
    assert kept.status == "draft"
    assert "Elsewhere" in {words["typed"]["hub-goal"] for words in kept.set_aside} | {
        kept.typed["hub-goal"]
    }
    assert not OutgoingMail.objects.exists()


def test_saving_what_was_sent_meanwhile_is_refused(fund, draft):
    form = bound(fund.form, draft)
    form.errors.clear()
    drafts.send(GrantRequest.objects.get(), form, fund.form)
    with pytest.raises(states.Refused):
        drafts.save(draft, {"hub-goal": "Late"}, 1)
    assert GrantRequest.objects.get().goal == ANSWERS["hub-goal"]


def test_confidential_request_is_not_copied_into_a_mail(fund, draft):
    form = bound(fund.form, draft, **{"hub-confidential": "on", "hub-copy": "on"})
    form.errors.clear()
    drafts.send(draft, form, fund.form)
    assert OutgoingMail.objects.get(occasion="funding.receipt").details == {"copy": False}
    assert GrantRequest.objects.get().is_confidential


def test_plan_may_be_a_file(fund, draft):
    form = fund.form.form_class_for(draft.criteria)
    without = form(ANSWERS | {"hub-plan": ""}, page=fund.form)
    assert "attach your draft plan" in without.errors["hub-plan"][0]
    with_file = form(ANSWERS | {"hub-plan": ""}, page=fund.form, has_files=True)
    assert "hub-plan" not in with_file.errors

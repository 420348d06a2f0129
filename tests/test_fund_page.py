"""What a fund says before anybody asks: criteria, self-check, questions, time, pause."""

from datetime import timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from docx import Document
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml.ns import qn

from funding import duration
from funding.models import FundPage, RequestQuestion
from tests.asking import make_decided, open_fund
from tests.translating import locale_of, translate

WINDOW = {"statement": "A window", "if_not_met": "Wait for a date."}
MANAGER = {"statement": "A manager", "if_not_met": "Find the hours."}
RENT = {"kind": "not_funded", "statement": "Rent", "if_not_met": "Leave it out."}


@pytest.fixture
def fund(site):
    return open_fund(site, WINDOW, MANAGER, RENT)


def soup_of(client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def keys_of(fund) -> dict[str, str]:
    return {criterion.statement: criterion.key for criterion in fund.page.version.criteria}


# The self-check


def checked(client, fund, *, met=(), applies=()) -> BeautifulSoup:
    keys = keys_of(fund)
    query = "&".join(
        ["check=on"]
        + [f"met={keys.get(name, name)}" for name in met]
        + [f"applies={keys.get(name, name)}" for name in applies]
    )
    return soup_of(client, f"{fund.page.url}?{query}")


def said(soup) -> list[str]:
    return [" ".join(item.text.split()) for item in soup.select("#self-check li")]


def test_self_check_names_what_is_missing_and_what_to_do_instead(client, fund):
    soup = checked(client, fund, met=["A manager"], applies=["Rent"])
    assert said(soup) == [
        "Not met: A windowWait for a date.",
        "Not funded: RentLeave it out.",
    ]


def test_self_check_never_blocks(client, fund):
    soup = checked(client, fund)
    assert len(said(soup)) == 2
    assert soup.select_one("#self-check a.button")["href"] == fund.form.url


def test_self_check_says_when_all_is_met(client, fund):
    soup = checked(client, fund, met=["A window", "A manager"])
    assert "You meet all that is required" in soup.select_one("#self-check").text
    assert soup.select_one("#self-check a.button")["href"] == fund.form.url


def test_ticks_come_back_as_they_were(client, fund):
    soup = checked(client, fund, met=["A window"], applies=["Rent"])
    ticked = {box["value"] for box in soup.select("input[type=checkbox][checked]")}
    assert ticked == {keys_of(fund)["A window"], keys_of(fund)["Rent"]}


def test_page_without_the_check_says_nothing_of_it(client, fund):
    assert soup_of(client, fund.page.url).select_one("#self-check") is None


@pytest.mark.parametrize("wrong", ["gone", "\u0642", "%00", "'\"<script>"])
def test_unknown_answers_are_left_out(client, fund, wrong):
    soup = checked(client, fund, met=[wrong], applies=[wrong])
    assert len(said(soup)) == 2
    assert "<script>" not in str(soup.select_one("#self-check"))


def test_self_check_keeps_nothing(client, fund):
    keys = keys_of(fund)
    answer = client.get(f"{fund.page.url}?check=on&met={keys['A window']}")
    assert not answer.cookies


def test_self_check_is_no_other_page_to_search_engines(client, fund):
    plain, answered = soup_of(client, fund.page.url), checked(client, fund)
    address = answered.find("link", rel="canonical")["href"]
    assert address == plain.find("link", rel="canonical")["href"]
    assert "check" not in address


def test_self_check_can_be_sent_to(client, fund):
    """By the form on the page, whose answer is where the browser then stands."""
    soup = soup_of(client, fund.page.url)
    form = soup.select_one("form[method=get]:has([name=met])")
    assert form["action"] == "#self-check"
    assert {box["name"] for box in form.select("[name]")} == {"check", "met", "applies"}
    result = checked(client, fund).select_one("#self-check")
    assert (result["tabindex"], result["aria-labelledby"]) == ("-1", "self-check-heading")


def test_check_is_that_of_the_page_in_its_language(client, fund):
    spanish = locale_of("es")
    page = translate(fund.page, spanish, {"Wait for a date.": "Espere una fecha."})
    soup = soup_of(client, f"{page.url}?check=on")
    assert "Espere una fecha." in soup.select_one("#self-check").text


def test_public_page_follows_the_record_and_says_its_version(client, fund):
    assert "version 1" in soup_of(client, fund.page.url).select_one("main").text
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    criteria[0].statement = "A vote"
    page.criteria = criteria
    page.save_revision().publish()
    text = soup_of(client, fund.page.url).select_one("main").text
    assert "A vote" in text
    assert "A window" not in text
    assert "version 2" in text


# How long it takes


def decided(fund, days: float, ago: int = 10, **fields):
    day = timezone.now() - timedelta(days=ago)
    make_decided(fund.form, kind="declined", day=day, days=days, **fields)


def test_new_fund_names_no_time_until_five_decisions(client, fund):
    for days in (1, 2, 3, 4):
        decided(fund, days)
    assert duration.of_fund(fund.page.translation_key) == duration.Duration(None, 4)
    assert "new fund" in soup_of(client, fund.page.url).select_one(".facts").text


def test_median_is_of_the_last_twelve_months(client, fund):
    for days in (1, 2, 9, 30, 60):
        decided(fund, days)
    decided(fund, 300, ago=366)
    assert duration.of_fund(fund.page.translation_key) == duration.Duration(9, 5)
    facts = " ".join(soup_of(client, fund.page.url).select_one(".facts").text.split())
    assert "9 days is the median from request to decision, over the 5 decisions" in facts


def test_median_of_an_even_number_is_between_the_two_in_the_middle(fund):
    for days in (1, 2, 4, 8, 9, 60):
        decided(fund, days)
    assert duration.of_fund(fund.page.translation_key).days == 6


def test_decision_within_the_hour_took_a_day(fund):
    for _number in range(5):
        decided(fund, 0.02)
    assert duration.of_fund(fund.page.translation_key).days == 1


def test_request_that_was_withdrawn_does_not_count(fund):
    for days in (1, 2, 9, 30):
        decided(fund, days)
    decided(fund, 9, status="withdrawn")
    assert duration.of_fund(fund.page.translation_key) == duration.Duration(None, 4)


def test_median_is_of_all_languages(client, fund):
    page = translate(fund.form, locale_of("es"))
    for days in (1, 2, 9):
        decided(fund, days)
    for days in (30, 60):
        make_decided(page, kind="referred", days=days)
    assert duration.of_fund(fund.page.translation_key) == duration.Duration(9, 5)


def test_next_decision_changes_the_time_at_once(client, fund):
    for days in (1, 2, 9, 30):
        decided(fund, days)
    assert "new fund" in soup_of(client, fund.page.url).select_one(".facts").text
    decided(fund, 60)
    assert "9 days" in soup_of(client, fund.page.url).select_one(".facts").text


def test_decisions_of_another_fund_do_not_count(fund):
    for days in range(5):
        decided(fund, days, fund_key="00000000-0000-0000-0000-000000000000")
    assert duration.of_fund(fund.page.translation_key).decisions == 0


# The questions in full


def add_question(fund, **fields):
    question = RequestQuestion(
        page=fund.form, locale=fund.form.locale, sort_order=0, field_type="multiline", **fields
    )
    question.save()


def test_all_questions_stand_on_the_page_with_their_limits(client, fund):
    add_question(fund, label="Who has to say yes?", word_limit=200, required=False)
    main = soup_of(client, fund.page.url).select_one("main")
    asked = [heading.text for heading in main.select(".numbered-steps h3")]
    assert asked[0] == "What is the change, in one sentence?"
    assert "Who has to say yes?" in asked
    notes = [note.text for note in main.select(".numbered-steps .meta")]
    assert "Up to 60 words" in notes
    assert "Up to 200 words · optional" in notes


def test_plan_is_not_called_optional_because_only_a_file_stands_in_for_it(client, fund):
    main = soup_of(client, fund.page.url).select_one("main")
    plan = main.find("h3", string="What will you do, and by when?").parent
    assert plan.select_one(".meta").text == "Up to 200 words"
    form = soup_of(client, fund.form.url)
    assert (
        form.select_one("label[for=id_hub-plan]").text.strip() == "What will you do, and by when?"
    )
    assert (
        form.select_one("label[for=id_hub-organisation]").text.strip() == "Organisation (optional)"
    )


def test_note_to_a_box_follows_what_is_ticked(client, fund):
    field = soup_of(client, fund.form.url).select_one("[name=hub-confidential]").find_parent("div")
    assert [tag.name for tag in field.find_all(recursive=False)] == ["label", "div"]


def questions_file(client, page):
    answer = client.get(f"{page.url}questions/")
    assert answer.status_code == 200
    return answer, Document(BytesIO(answer.content))


def test_questions_are_a_file_to_write_in(client, fund):
    add_question(fund, label="Who has to say yes?", word_limit=200)
    answer, document = questions_file(client, fund.form)
    assert answer["Content-Disposition"] == 'attachment; filename="request-en.docx"'
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert headings[0] == "1. What is the change, in one sentence?"
    assert any(heading.endswith("Who has to say yes?") for heading in headings)
    properties = document.core_properties
    assert (properties.title, properties.language) == (fund.form.title, "en")
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def marked_languages(document) -> dict:
    return dict(document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").attrib)


def test_questions_in_the_file_have_room_for_each_answer(client, fund):
    _answer, document = questions_file(client, fund.form)
    body = document.element.body
    boxes = len(document.tables)
    choices = sum(p.text.startswith("☐") for p in document.paragraphs)
    headings = [p for p in document.paragraphs if p.style.name == "Heading 2"]
    assert choices == 4
    # All but the currency, which is chosen.
    assert boxes == len(headings) - 1
    assert body.find(qn("w:tbl")) is not None
    assert marked_languages(document)[qn("w:val")] == "en"


def test_arabic_questions_run_from_right_to_left(client, fund):
    page = translate(fund.form, locale_of("ar"))
    answer, document = questions_file(client, page)
    assert "request-ar.docx" in answer["Content-Disposition"]
    paragraphs = list(document.element.body.iter(qn("w:p")))
    assert len(paragraphs) > len(document.paragraphs)
    assert all(p.pPr.find(qn("w:bidi")) is not None for p in paragraphs)
    runs = document.element.body.iter(qn("w:r"))
    assert all(run.rPr.find(qn("w:rtl")) is not None for run in runs)
    assert all(table.table_direction == WD_TABLE_DIRECTION.RTL for table in document.tables)
    assert marked_languages(document)[qn("w:bidi")] == "ar"


def test_file_is_sent_once_to_who_has_it_already(client, fund):
    address = f"{fund.form.url}questions/"
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    add_question(fund, label="Who has to say yes?")
    fund.form.save_revision().publish()
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200


def test_readers_of_an_untranslated_form_take_the_source(client, fund):
    page = translate(fund.page, locale_of("es"))
    link = soup_of(client, page.url).select_one("a[download]")["href"]
    assert link == "/es/funding/request/questions/"
    answer = client.get(link)
    assert answer["Content-Disposition"] == 'attachment; filename="request-en.docx"'


def test_criteria_are_told_beside_the_questions_of_the_file(client, site):
    hinted = WINDOW | {"question": "hub-window", "hint": "Say how you know."}
    fund = open_fund(site, hinted)
    _answer, document = questions_file(client, fund.form)
    assert "Say how you know." in [p.text for p in document.paragraphs]


def test_file_of_a_page_that_is_not_public_is_not_there(client, fund):
    fund.form.unpublish()
    assert client.get(f"{fund.form.url}questions/").status_code == 404


# Whether one can ask


def test_page_leads_to_the_form(client, fund):
    soup = soup_of(client, fund.page.url)
    assert soup.select_one(".opening a.button")["href"] == fund.form.url


def test_fund_without_a_form_leads_to_how_to_ask(client, fund):
    fund.form.unpublish()
    soup = soup_of(client, fund.page.url)
    assert soup.select_one(".opening a.button")["href"] == "#how-to-ask"


def test_pause_is_said_with_its_reason(client, fund):
    page = FundPage.objects.get(pk=fund.page.pk)
    page.is_paused, page.pause_message = True, "Again from February."
    page.save_revision().publish()
    assert "Again from February." in soup_of(client, page.url).select_one(".opening").text


def test_preview_shows_the_criteria_that_are_about_to_be_published(fund, rf):
    page = FundPage.objects.get(pk=fund.page.pk)
    criteria = list(page.criteria.all())
    criteria[0].statement = "A vote"
    page.criteria = criteria
    answer = page.make_preview_request(preview_mode="")
    assert b"A vote" in answer.content
    assert b"A window" not in answer.content

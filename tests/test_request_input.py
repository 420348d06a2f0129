"""What applicants send besides good answers: each a sentence, nothing typed lost, nothing left behind.

Everything goes through the pages themselves, in English and in Arabic.
"""

import io
import zipfile

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import translation

from funding.models import FundPage, GrantRequest
from hub import private_files
from hub.forms import pages
from hub.models import Attachment, OutgoingMail
from tests.asking import (
    ANSWERS,
    closes_in,
    document,
    fields_of,
    filled_in,
    make_request,
    open_fund,
    private_address,
    problems,
    soup,
)
from tests.factories import docx_bytes
from tests.registering import let_time_pass
from tests.translating import translate

PAST = translation.gettext_lazy("This day is over. Give a day that is still to come.")
ARABIC_NAME = "خطة الحملة.docx"


@pytest.fixture(autouse=True)
def _patient_visitors(monkeypatch):
    let_time_pass(monkeypatch)


@pytest.fixture
def folder(private_folder):
    return private_folder


@pytest.fixture(params=["en", "ar"])
def form_page(request, site, folder):
    """The form in the applicant's language."""
    fund = open_fund(site, pause_message="Again in May.")
    if request.param == "en":
        return fund.form
    translate(fund.page, "ar")
    return translate(fund.form, "ar")


def stored(folder) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def bomb() -> bytes:
    """A Word document of a few kilobytes that unpacks to 300 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 300_000_000)
    return content.getvalue()


def said(page, sentence, **values) -> str:
    with translation.override(page.locale.language_code):
        return str(sentence) % values if values else str(sentence)


def send(client, page, *uploads, do="send", **changes):
    answers = filled_in(client, page, **{"hub-do": do, **changes})
    return client.post(page.url, answers | {"hub-files": list(uploads)})


def assert_told(response, page, sentence: str, status: int = 422):
    """It is said on the whole page in its language, which still holds what was typed."""
    assert response.status_code == status
    html = soup(response)
    language = page.locale.language_code
    assert (html.html["lang"], html.html["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert sentence in problems(response)
    given = fields_of(response)
    assert (given["hub-goal"], given["hub-country"]) == (ANSWERS["hub-goal"], "KE")


def assert_nothing_sent():
    assert not GrantRequest.objects.exclude(status="draft").exists()
    assert OutgoingMail.objects.count() == 0


# Files: the draft that was begun for them is kept, with its good files and without the bad


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "plan.txt"),
        (b"MZ\x90\x00", "plan.docx"),
        (b"<html><script></script></html>", "plan.txt"),
        (b"#!/bin/sh", "plan.sh"),
        (docx_bytes()[:500], "plan.docx"),
        (docx_bytes(), "plan.pdf"),
    ],
    ids=["empty", "program", "web page", "script", "damaged", "named otherwise"],
)
def test_file_that_is_not_what_is_taken_is_named_and_not_kept(
    client, form_page, folder, content, name
):
    response = send(client, form_page, document(name, content), document("good.txt"))
    assert_told(response, form_page, name)
    assert_nothing_sent()
    assert [file.name for file in Attachment.objects.all()] == ["good.txt"]
    assert len(stored(folder)) == 1


def test_oversize_file_is_named_and_not_kept(client, form_page, folder, monkeypatch):
    monkeypatch.setattr(private_files, "MAX_BYTES", 1024 * 1024)
    response = send(client, form_page, document("plan.txt", b"a" * (1024 * 1024 + 1)))
    assert_told(response, form_page, "plan.txt")
    assert_nothing_sent()
    assert (Attachment.objects.count(), stored(folder)) == (0, [])


def test_zip_bomb_is_named_and_not_kept(client, form_page, folder):
    response = send(client, form_page, document("plan.docx", bomb()))
    assert_told(response, form_page, "plan.docx")
    assert (Attachment.objects.count(), stored(folder)) == (0, [])


def test_of_fifty_files_five_are_kept(client, form_page, folder):
    files = [document(f"{number}.txt") for number in range(50)]
    response = send(client, form_page, *files)
    assert_told(response, form_page, "5.txt")
    field = soup(response).find(id="id_hub-files").find_parent(class_="field")
    assert len(field.select(".file-list li")) == 5
    assert len(soup(response).select(".error-summary li")) == 1
    assert Attachment.objects.count() == len(stored(folder)) == 5


@pytest.mark.parametrize(
    ("sent_as", "kept_as"),
    [("../../x.docx", "x.docx"), (ARABIC_NAME, ARABIC_NAME), ("..\\x.docx", "x.docx")],
)
def test_name_of_a_file_leads_nowhere_and_is_kept_in_any_script(
    client, form_page, folder, sent_as, kept_as
):
    response = send(client, form_page, document(sent_as, docx_bytes()), do="save")
    attachment = Attachment.objects.get()
    assert attachment.name == kept_as
    assert kept_as in soup(client.get(response["Location"])).main.text
    assert stored(folder) == [str(attachment.key)]


def test_storage_that_is_down_is_told_and_the_draft_kept(client, form_page, monkeypatch):
    def refuse(path, upload):
        raise private_files.StorageDown

    monkeypatch.setattr(private_files, "_store", refuse)
    response = send(client, form_page, document())
    assert_told(response, form_page, said(form_page, private_files.STORAGE_DOWN))
    assert GrantRequest.objects.get().typed["hub-goal"] == ANSWERS["hub-goal"]
    assert Attachment.objects.count() == 0


def test_upload_that_is_cut_off_is_told_and_stores_nothing(client, form_page, folder):
    answers = filled_in(client, form_page, **{"hub-files": document("plan.txt", b"a" * 5000)})
    body = encode_multipart(BOUNDARY, answers)
    arrived = {"wsgi.input": io.BytesIO(body[:-3000]), "CONTENT_LENGTH": str(len(body))}
    response = client.generic("POST", form_page.url, content_type=MULTIPART_CONTENT, **arrived)
    assert response.status_code == 400
    assert said(form_page, pages.CUT_OFF) in problems(response)
    assert (GrantRequest.objects.count(), stored(folder)) == (0, [])


# Amounts and days


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("5.000,00", 5000),
        ("5,000.00", 5000),
        ("٣٬٨٠٠", 3800),
        ("EUR 5 000", 5000),
        ("3800.5", 3800.5),
    ],
)
def test_amounts_are_understood_as_people_write_them(client, form_page, written, amount):
    response = send(client, form_page, **{"hub-amount": written})
    assert response.status_code == 302
    assert GrantRequest.objects.get().amount == amount


@pytest.mark.parametrize("written", ["about 5", "-5", "0", "5,00,00", "1e5"])
def test_what_is_no_amount_is_told_and_stays_as_it_was_written(client, form_page, written):
    response = send(client, form_page, **{"hub-amount": written})
    assert response.status_code == 422
    assert fields_of(response)["hub-amount"] == written
    assert soup(response).find(id="id_hub-amount_error")
    assert GrantRequest.objects.count() == 0


def test_past_window_is_told(client, form_page):
    response = send(client, form_page, **{"hub-closes": closes_in(-1)})
    assert_told(response, form_page, said(form_page, PAST))
    assert fields_of(response)["hub-closes"] == closes_in(-1)
    assert GrantRequest.objects.count() == 0


def test_window_that_closes_today_is_not_past(client, form_page):
    assert send(client, form_page, **{"hub-closes": closes_in(0)}).status_code == 302


# The fund, and links


def test_paused_fund_is_told(client, form_page):
    FundPage.objects.update(is_paused=True)
    pause = FundPage.objects.get(locale=form_page.locale).pause
    response = send(client, form_page)
    assert_told(response, form_page, pause)
    assert GrantRequest.objects.count() == 0


def test_links_of_others_and_of_before_get_one_answer(client, form_page):
    language = form_page.locale.language_code
    mine = make_request(form_page, status="draft")
    other = make_request(form_page, "other", status="draft")
    address = private_address(mine, language=language)
    mixed = address.replace(f"/{mine.pk}-", f"/{other.pk}-")
    assert mixed != address
    GrantRequest.objects.filter(pk=mine.pk).erase()
    answers = [client.get(mixed), client.get(address), client.post(address, {"hub-do": "save"})]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({soup(answer).main.text for answer in answers[:2]}) == 1
    assert soup(answers[0]).html["lang"] == language
    assert GrantRequest.objects.get().typed == other.typed


def test_neither_of_two_browsers_loses_a_word(client, form_page):
    language = form_page.locale.language_code
    draft = make_request(form_page, status="draft")
    address = private_address(draft, language=language)
    first = fields_of(client.get(address)) | {"hub-do": "save"}
    client.post(address, first | {"hub-plan": "من الأول"})
    response = client.post(address, first | {"hub-plan": "من الثاني"})
    assert_told(response, form_page, "", 409)
    assert fields_of(response)["hub-plan"] == "من الثاني"
    assert soup(response).find(class_="field__other").blockquote.text == "من الأول"

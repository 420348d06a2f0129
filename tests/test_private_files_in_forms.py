"""Forms that ask for files: nothing typed is lost over a file, no file is kept without a form."""

import io
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from hub import private_files
from hub.forms import pages
from hub.forms.fields import FILES, FilesField
from hub.models import Attachment, Submission
from tests.attaching import NOT_ACCEPTED, ROOM, refuse_to, sent, stored
from tests.office_files import EXECUTABLE
from tests.registering import let_time_pass, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder")]


@pytest.fixture
def form_page(site, monkeypatch):
    """A form that asks for files, and keeps the good ones with what else was sent."""
    let_time_pass(monkeypatch)
    page_type = type(site.contact)
    asked = page_type.own_form_fields
    monkeypatch.setattr(
        page_type, "own_form_fields", lambda page: asked(page) | {FILES: FilesField()}
    )
    monkeypatch.setattr(page_type, "complete", keep_files)
    return site.contact


def keep_files(page, submission, form):
    problems = private_files.keep_all(submission, form.cleaned_data[FILES])
    if problems:
        raise ValidationError(problems)


def answers_with(client, page, *uploads) -> dict:
    return {
        "hub-token": token_of(client.get(page.url)),
        "hub-consent": "on",
        FILES: list(uploads),
    }


def problem_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").find(class_="error-summary").li.text


def test_form_asks_for_several_files_of_the_accepted_types(client, form_page):
    html = BeautifulSoup(client.get(form_page.url).content, "html.parser")
    asked = html.find("input", {"name": "hub-files"})
    assert asked.has_attr("multiple")
    assert not asked.has_attr("required")
    assert asked["accept"] == (".docx,.odt,.txt,.xlsx,.ods,.csv,.pptx,.odp,.pdf,.jpeg,.jpg,.png")
    hint = html.find(id=asked["aria-describedby"]).text
    assert hint.startswith("Up to 5, each up to 10 MB: CSV, DOCX, JPEG,")
    assert form_page.get_form(page=form_page).is_multipart()


def test_files_of_a_form_are_kept_beside_its_answers(client, form_page):
    sending = answers_with(client, form_page, sent(name="خطة.txt"), sent(name="../../x.txt"))
    assert client.post(form_page.url, sending).status_code == 302
    submission = Submission.objects.get()
    assert FILES not in submission.form_data
    assert [attachment.name for attachment in submission.attachments.all()] == ["خطة.txt", "x.txt"]


def test_form_without_files_is_taken(client, form_page):
    assert client.post(form_page.url, answers_with(client, form_page)).status_code == 302
    assert not Attachment.objects.exists()


def test_form_that_is_refused_for_a_file_leaves_no_row_and_no_file(
    client, form_page, private_folder
):
    sending = answers_with(client, form_page, sent(), sent(EXECUTABLE, "plan.exe"))
    response = client.post(form_page.url, sending)
    assert response.status_code == 422
    assert problem_of(response) == f"\u2068plan.exe\u2069: {NOT_ACCEPTED}"
    assert not Submission.objects.exists()
    assert stored(private_folder) == []


def test_form_with_fifty_files_comes_back_with_what_was_typed(client, form_page):
    uploads = [sent(name=f"{number}.txt") for number in range(50)]
    sending = answers_with(client, form_page, *uploads)
    response = client.post(form_page.url, sending)
    assert response.status_code == 422
    assert problem_of(response) == f"\u20685.txt\u2069: {ROOM}"
    assert token_of(response) == sending["hub-token"]


def assert_unreadable(response, status: int, sentence: str):
    assert response.status_code == status
    assert problem_of(response) == sentence
    assert not Submission.objects.exists()


def test_more_files_than_can_be_read_are_refused_with_the_way_back(client, form_page):
    uploads = [sent(name=f"{number}.txt") for number in range(101)]
    response = client.post(form_page.url, answers_with(client, form_page, *uploads))
    assert_unreadable(response, 413, pages.TOO_MUCH_IN_FILES)


def test_larger_files_than_are_read_are_refused_unread(client, form_page, monkeypatch):
    monkeypatch.setattr(pages, "MAX_BODY_BYTES", 1000)
    response = client.post(form_page.url, answers_with(client, form_page, sent(b"a" * 1000)))
    assert_unreadable(response, 413, pages.TOO_MUCH_IN_FILES)


@pytest.mark.parametrize("at", ["-7", "-200", "700"])
@pytest.mark.parametrize("kind", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_form_that_was_cut_off_is_not_taken(client, form_page, private_folder, kind, at):
    """Gunicorn then gives what it has, as if it was all."""
    sending = answers_with(client, form_page, sent(b"a" * 1000))
    if kind == MULTIPART_CONTENT:
        body = encode_multipart(BOUNDARY, sending)
    else:
        body = urlencode(sending | {FILES: "a" * 1000}).encode()
    response = client.generic(
        "POST",
        form_page.url,
        content_type=kind,
        **{"wsgi.input": io.BytesIO(body[: int(at)]), "CONTENT_LENGTH": str(len(body))},
    )
    assert_unreadable(response, 400, pages.CUT_OFF)
    assert stored(private_folder) == []


class BrokenConnection(io.BytesIO):
    def read(self, *_arguments):
        raise ConnectionResetError


def test_form_whose_connection_breaks_is_not_taken(client, form_page):
    body = BrokenConnection()
    response = client.post(
        form_page.url,
        content_type=MULTIPART_CONTENT,
        **{"wsgi.input": body, "CONTENT_LENGTH": "1000"},
    )
    assert_unreadable(response, 400, pages.CUT_OFF)


def test_form_in_no_parts_at_all_is_not_taken(client, form_page):
    response = client.generic("POST", form_page.url, b"what?", "multipart/form-data")
    assert_unreadable(response, 400, pages.CUT_OFF)


def test_storage_that_is_down_refuses_the_form_and_says_why(client, form_page, monkeypatch):
    refuse_to(monkeypatch, "_save")
    response = client.post(form_page.url, answers_with(client, form_page, sent()))
    assert response.status_code == 422
    assert problem_of(response) == f"\u2068plan.txt\u2069: {private_files.STORAGE_DOWN}"
    assert not Submission.objects.exists()

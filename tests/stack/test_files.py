"""Files in S3: who may read them, and as what they are handed out."""

import time
from contextlib import suppress
from datetime import timedelta
from email.message import Message
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hub import private_files
from hub.files import FILE_TYPES
from hub.models import Attachment, HubDocument, Submission
from hub.storage import PrivateStorage
from tests.factories import ImageFactory, TemplatePageFactory, add_file, docx_bytes
from tests.office_files import BUILDERS, bytes_of, document_data, upload
from tests.stack.plugin import PRIVATE, PUBLIC
from toolkit.models import TemplateFile

pytestmark = pytest.mark.django_db

HTML = b"<!DOCTYPE html><script>alert(1)</script>"
PLAN = b"<b>A plan.</b>"


def file_name(headers: Message) -> str:
    """The name under which a browser keeps what it downloads; fails if it would show it instead."""
    message = Message()
    message["Content-Disposition"] = headers["Content-Disposition"]
    assert message.get_content_disposition() == "attachment"
    return message.get_filename()


def is_in(bucket: str, address: str) -> bool:
    return urlsplit(address).path.startswith(f"/{bucket}/")


@pytest.fixture
def private():
    """A storage for private files, with one of them in it: ``private.note``."""
    storage = storages["private"]
    storage.note = storage.save("attachments/note.html", ContentFile(HTML))
    return storage


# What is public


def test_uploaded_document_is_downloaded_from_the_public_bucket(site, s3, admin_client, fetch):
    content = docx_bytes("Supporters and detractors")
    assert upload(admin_client, content, "carte d’été.docx").status_code == 302
    document = HubDocument.objects.get()
    template = TemplatePageFactory(parent=site.templates, slug="map")
    TemplateFile.objects.create(page=template, document=document)

    response = admin_client.get("/en/toolkit/templates/map/download/en-docx/")
    assert response.status_code == 302
    assert is_in(PUBLIC, response["Location"])
    status, headers, received = fetch(response["Location"])
    assert (status, received) == (200, content)
    assert file_name(headers) == document.filename == "carte_dété.docx"
    assert headers["Content-Type"] == FILE_TYPES["docx"].content_type
    assert document.extracted_text == "Supporters and detractors"
    assert document.file_size == len(content)


@pytest.mark.parametrize("extension", BUILDERS)
def test_each_type_of_document_is_handed_out_as_what_it_is(site, s3, fetch, extension):
    content = ContentFile(BUILDERS[extension](), f"map.{extension}")
    document = HubDocument.objects.create(title="Map", file=content)
    status, headers, _received = fetch(document.file.url)
    assert status == 200
    assert headers["Content-Type"] == FILE_TYPES[extension].content_type
    assert file_name(headers) == document.filename


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "without-an-ending"])
def test_what_is_no_document_is_handed_out_as_mere_bytes(s3, fetch, name):
    """Whatever gets that far: the hub's own checks refuse these."""
    claimed = SimpleUploadedFile(name, HTML, "text/html")
    _status, headers, received = fetch(default_storage.url(default_storage.save(name, claimed)))
    assert received == HTML
    assert headers["Content-Type"] == "application/octet-stream"
    assert file_name(headers).startswith(name.partition(".")[0])


def test_what_a_browser_claims_about_a_file_is_not_passed_on(site, s3, admin_client, fetch):
    claimed = SimpleUploadedFile("note.txt", b"<b>not a page</b>", "text/html")
    admin_client.post(reverse("wagtaildocs:add"), document_data(None) | {"file": claimed})
    _status, headers, _received = fetch(HubDocument.objects.get().file.url)
    assert headers["Content-Type"] == "text/plain"
    assert file_name(headers) == "note.txt"


def test_replaced_document_keeps_its_address_and_the_earlier_file(site, s3, admin_client, fetch):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    document = add_file(template, title="Map")
    old, new = bytes_of(document.file), docx_bytes("Fits on one sheet")
    address = "/en/toolkit/templates/map/download/en-docx/"
    assert fetch(admin_client.get(address)["Location"])[2] == old
    response = admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        document_data(new, "brief.docx", title="Map", version="1.1"),
    )
    assert response.status_code == 302

    _status, headers, received = fetch(admin_client.get(address)["Location"])
    assert received == new
    # The new file may well have the old one's address, so browsers ask before they use a copy.
    assert headers["Cache-Control"] == "no-cache"
    (earlier,) = document.versions.all()
    assert earlier.version == "1.0"
    assert fetch(earlier.file.url)[2] == bytes_of(earlier.file) == old


def test_pictures_are_resized_and_shown(site, s3, fetch):
    image = ImageFactory()
    for format_name, content_type in {"png": "image/png", "webp": "image/webp"}.items():
        rendition = image.get_rendition(f"width-20|format-{format_name}")
        assert is_in(PUBLIC, rendition.url)
        status, headers, content = fetch(rendition.url)
        assert status == 200
        assert content
        assert headers["Content-Type"] == content_type
        assert headers["Content-Disposition"] is None
    with image.get_willow_image() as original:
        assert original.get_size() == (64, 48)


def test_a_name_that_is_taken_gives_a_new_name(s3):
    names = [default_storage.save("a/one.txt", ContentFile(text)) for text in (b"1", b"2")]
    assert len(set(names)) == 2
    assert [default_storage.open(name).read() for name in names] == [b"1", b"2"]
    for name in names:
        default_storage.delete(name)
        assert not default_storage.exists(name)
    with pytest.raises(FileNotFoundError):
        default_storage.open(names[0])


# What is private


def test_private_file_is_refused_to_everybody_without_a_signature(s3, private, fetch):
    signed = private.url(private.note)
    assert is_in(PRIVATE, signed)
    assert fetch(signed.partition("?")[0])[0] in {401, 403}
    assert fetch(f"{s3.endpoint}/{PRIVATE}/")[0] in {401, 403}


def test_private_file_has_a_signed_address_and_is_never_shown_or_kept(s3, private, fetch):
    status, headers, content = fetch(private.url(private.note))
    assert (status, content) == (200, HTML)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment"
    assert headers["Cache-Control"] == "private, no-store"


def test_signed_address_is_for_a_minute(s3, private, fetch):
    assert "X-Amz-Expires=60" in private.url(private.note)
    short = private.url(private.note, expire=1)
    assert fetch(short)[0] == 200
    time.sleep(2)
    status, _headers, content = fetch(short)
    assert status == 403
    assert HTML not in content


def test_signed_address_is_for_one_file_and_cannot_be_altered(s3, private, fetch):
    signed = private.url(private.note)
    other = private.save("attachments/other.txt", ContentFile(b"other"))
    assert fetch(signed.replace(private.note, other))[0] == 403
    assert fetch(signed.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))[0] == 403
    assert fetch(signed.replace("X-Amz-Signature=", "X-Amz-Signature=0"))[0] == 403


def test_wrong_secret_is_refused(s3, private, production_storages, fetch):
    options = production_storages["private"]["OPTIONS"]
    stranger = PrivateStorage(**options, secret_key="a guess")
    assert fetch(stranger.url(private.note))[0] == 403
    for attempt in (
        lambda: stranger.exists(private.note),
        lambda: stranger.open(private.note),
        lambda: stranger.size(private.note),
        lambda: stranger.delete(private.note),
        lambda: stranger.save("attachments/new.txt", ContentFile(b"new")),
    ):
        with pytest.raises(OSError, match="The file storage failed: "):
            attempt()
    assert private.exists(private.note)


def test_keys_stay_in_the_environment(s3, production_storages):
    text = repr(production_storages)
    assert s3.ACCESS_KEY not in text
    assert s3.secret_key not in text


# What visitors send


@pytest.fixture
def submission(site):
    return Submission.objects.create(
        page_id=site.contact.pk,
        locale=site.locale,
        form_data={},
        idempotency_key="one",
        retained_until=timezone.localdate(),
    )


@pytest.fixture
def attachment(s3, submission):
    upload = SimpleUploadedFile("خطة.txt", PLAN, "text/html")
    return private_files.keep(submission, upload)


def test_attachment_is_private_and_handed_out_for_a_minute_under_its_name(s3, attachment, fetch):
    response = private_files.response_for(attachment)
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "private, no-store"
    address = response["Location"]
    assert is_in(PRIVATE, address)
    assert "X-Amz-Expires=60" in address
    assert fetch(address.partition("?")[0])[0] in {401, 403}
    status, headers, content = fetch(address)
    assert (status, content) == (200, PLAN)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == ("attachment; filename*=utf-8''%D8%AE%D8%B7%D8%A9.txt")
    assert headers["Cache-Control"] == "private, no-store"
    assert fetch(address.replace("octet-stream", "html"))[0] == 403


def test_attachment_goes_with_its_row(s3, attachment, django_capture_on_commit_callbacks):
    assert storages["private"].exists(attachment.path)
    with django_capture_on_commit_callbacks(execute=True):
        attachment.submission.delete()
    assert not storages["private"].exists(attachment.path)


def test_attachment_goes_when_its_transaction_is_undone(s3, submission):
    with suppress(ZeroDivisionError), transaction.atomic():
        kept = private_files.keep(submission, SimpleUploadedFile("plan.txt", b"A plan."))
        assert storages["private"].exists(kept.path)
        raise ZeroDivisionError
    assert not storages["private"].exists(kept.path)


def test_attachment_of_nine_megabytes_is_kept_and_scanned(s3, submission, settings):
    """Large enough to be sent to S3 in several parts."""
    settings.HUB_FILE_SCANNER = "tests.attaching.is_clean"
    content = b"A long plan.\n" * 700_000
    private_files.keep(submission, SimpleUploadedFile("plan.txt", content))
    private_files.scan_some()
    attachment = Attachment.objects.get()
    assert attachment.scan == "clean"
    with storages["private"].open(attachment.path) as stored:
        assert stored.read() == content


def test_attachment_without_its_file_is_said_to_be_missing(s3, attachment):
    storages["private"].delete(attachment.path)
    with pytest.raises(private_files.Withheld) as refusal:
        private_files.response_for(attachment)
    assert refusal.value.status == 404


def test_sweep_takes_orphans_and_leaves_the_rest(s3, attachment, monkeypatch, caplog):
    storage = storages["private"]
    folder = attachment.path.rpartition("/")[0]
    orphan = storage.save(f"{folder}/orphan", ContentFile(b"orphan"))
    private_files.sweep()
    assert storage.exists(orphan), "It may be that its row is about to be written."
    monkeypatch.setattr(private_files, "ORPHANED_AFTER", timedelta(0))
    time.sleep(1.1)  # S3 counts in whole seconds
    private_files.sweep()
    assert not storage.exists(orphan)
    assert storage.exists(attachment.path)
    storage.delete(attachment.path)
    private_files.sweep()
    assert f"The file of attachment {attachment.pk} is missing." in caplog.text
    assert Attachment.objects.get() == attachment


def test_nothing_is_kept_or_handed_out_while_the_storage_is_down(
    s3, attachment, submission, django_capture_on_commit_callbacks
):
    uploads = [SimpleUploadedFile(f"{number}.txt", b"A plan.") for number in range(3)]
    s3.proxy.stop()
    try:
        started = time.monotonic()
        problems = private_files.keep_all(submission, uploads)
        assert [str(private_files.STORAGE_DOWN) in problem for problem in problems] == [True] * 3
        with pytest.raises(private_files.Withheld) as refusal:
            private_files.response_for(attachment)
        assert refusal.value.status == 503
        with pytest.raises(OSError, match="The file storage failed: "):
            private_files.sweep()
        assert Attachment.objects.get() == attachment
        with django_capture_on_commit_callbacks(execute=True):
            private_files.remove(attachment)
        assert not Attachment.objects.exists()
        assert time.monotonic() - started < 20
    finally:
        s3.proxy.start()

"""What S3 is told about files, and what the hub makes of its silence; more in tests/stack."""

import time

import pytest
from django.core.files.base import ContentFile

from hub.files import FILE_TYPES
from hub.storage import IMAGE_TYPES, PrivateStorage, PublicStorage

NOBODY = {
    "bucket_name": "hub",
    "endpoint_url": "http://127.0.0.1:1",  # nothing listens there
    "access_key": "key",
    "secret_key": "secret",
    "file_overwrite": False,
}


@pytest.mark.parametrize("extension", FILE_TYPES)
def test_document_is_kept_as_a_download_of_its_type(extension):
    parameters = PublicStorage().get_object_parameters(f"documents/map.{extension.upper()}")
    assert parameters == {
        "ContentType": FILE_TYPES[extension].content_type,
        "ContentDisposition": f'attachment; filename="map.{extension.upper()}"',
        "CacheControl": "no-cache",
    }


def test_document_keeps_a_name_in_any_script():
    disposition = PublicStorage().get_object_parameters("documents/خريطة.pdf")["ContentDisposition"]
    assert disposition == ("attachment; filename*=utf-8''%D8%AE%D8%B1%D9%8A%D8%B7%D8%A9.pdf")


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "a.xhtml", "a.js", "a", "a.png.html"])
def test_anything_unknown_is_kept_as_bytes_to_download(name):
    parameters = PublicStorage().get_object_parameters(name)
    assert parameters["ContentType"] == "application/octet-stream"
    assert parameters["ContentDisposition"] == f'attachment; filename="{name}"'


def test_every_kind_of_picture_the_hub_takes_is_shown_as_one(settings):
    assert set(settings.WAGTAILIMAGES_EXTENSIONS) == set(IMAGE_TYPES)
    for extension, content_type in IMAGE_TYPES.items():
        parameters = PublicStorage().get_object_parameters(f"images/a.{extension}")
        assert parameters == {"ContentType": content_type}


def test_private_file_says_nothing_about_itself():
    assert PrivateStorage().get_object_parameters("a.pdf") == {
        "ContentType": "application/octet-stream",
        "ContentDisposition": "attachment",
        "CacheControl": "private, no-store",
    }


@pytest.mark.parametrize(
    "attempt",
    [
        lambda storage: storage.exists("a.txt"),
        lambda storage: storage.open("a.txt"),
        lambda storage: storage.size("a.txt"),
        lambda storage: storage.delete("a.txt"),
        lambda storage: storage.save("a.txt", ContentFile(b"a")),
    ],
    ids=["exists", "open", "size", "delete", "save"],
)
def test_storage_that_does_not_answer_fails_soon_and_like_a_disk(attempt):
    started = time.monotonic()
    with pytest.raises(OSError, match="The file storage failed: Could not connect"):
        attempt(PublicStorage(**NOBODY))
    assert time.monotonic() - started < 10

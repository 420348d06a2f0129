"""Pictures that editors upload: what is taken, and what is refused with which sentence."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection

from hub.models import HubImage
from tests.factories import png_bytes
from tests.office_files import EXECUTABLE, HTML, SVG, file_errors


def upload_image(client, content: bytes, name: str):
    return client.post(
        reverse("wagtailimages:add"),
        {
            "title": "A picture",
            "file": SimpleUploadedFile(name, content),
            "tags": "",
            "credit": "Drawing: the hub team.",
            "collection": Collection.get_first_root_node().pk,
        },
    )


FORMATS = "AVIF, GIF, JPG, JPEG, PNG, WEBP"
UNSUPPORTED = f"Not a supported image format. Supported formats: {FORMATS}."
INVALID = (
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
)
REFUSED_IMAGES = {
    "svg": ("map.svg", SVG, UNSUPPORTED),
    "svg named png": (
        "map.png",
        SVG,
        "Not a valid .png image. The extension does not match the file format (svg)",
    ),
    "html": ("map.html", HTML, UNSUPPORTED),
    "html named png": (
        "map.png",
        HTML,
        "Not a valid .png image. The extension does not match the file format (svg)",
    ),
    "executable named png": ("run.png", EXECUTABLE, INVALID),
    "empty": ("map.png", b"", "The submitted file is empty."),
    "png named jpg": (
        "map.jpg",
        png_bytes(),
        "Not a valid .jpeg image. The extension does not match the file format (png)",
    ),
}


@pytest.mark.parametrize("case", REFUSED_IMAGES)
def test_image_is_refused_with_a_sentence(site, admin_client, case):
    name, content, sentence = REFUSED_IMAGES[case]
    response = upload_image(admin_client, content, name)
    assert file_errors(response) == [sentence]
    assert (
        f"Supported formats: {FORMATS}."
        in BeautifulSoup(response.content, "html.parser").get_text()
    )
    assert not HubImage.objects.exists()


def test_image_over_the_limit_is_refused(site, admin_client, settings):
    content = png_bytes()
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = len(content) - 1
    (sentence,) = file_errors(upload_image(admin_client, content, "map.png"))
    assert sentence.startswith("This file is too big (")
    assert not HubImage.objects.exists()


def test_image_is_kept_with_its_credit(site, admin_client):
    assert upload_image(admin_client, png_bytes(), "map.png").status_code == 302
    image = HubImage.objects.get()
    assert (image.width, image.height, image.credit) == (64, 48, "Drawing: the hub team.")

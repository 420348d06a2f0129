"""Files that visitors download: replaced at the same address, and always an attachment."""

import io
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse

from hub import files
from hub.models import HubDocument
from tests.factories import TemplatePageFactory, add_file, docx_bytes
from tests.office_files import BUILDERS, CONTENT_TYPES, bytes_of, document_data, pdf_bytes

# Replacing


@pytest.fixture
def replaced(site, admin_client):
    """A template whose file an editor has replaced through the admin's form."""
    template = TemplatePageFactory(parent=site.templates, slug="map")
    document = add_file(template, title="Map")
    old, new = bytes_of(document.file), docx_bytes("Fits on one sheet")
    response = admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        document_data(new, "a new name.docx", title="Map", version="1.1"),
    )
    assert response.status_code == 302
    return SimpleNamespace(template=template, document=document, old=old, new=new)


def test_document_replaced_keeps_the_address_and_serves_the_new_file(replaced, client):
    response = client.get("/en/toolkit/templates/map/download/en-docx/")
    assert response.getvalue() == replaced.new
    assert response["Content-Disposition"] == 'attachment; filename="a_new_name.docx"'


def test_document_replaced_keeps_the_earlier_file(replaced):
    (earlier,) = replaced.document.versions.all()
    assert earlier.version == "1.0"
    assert earlier.file_size == len(replaced.old)
    assert bytes_of(earlier.file) == replaced.old


def test_document_replaced_is_searched_by_its_new_words(replaced):
    replaced.document.refresh_from_db()
    assert replaced.document.extracted_text == "Fits on one sheet"
    assert replaced.document.version == "1.1"
    assert replaced.document.file_size == len(replaced.new)


def test_document_replaced_three_times_keeps_each_file(site, admin_client):
    document = add_file(TemplatePageFactory(parent=site.templates), version="1")
    for version in ("2", "3", "4"):
        admin_client.post(
            reverse("wagtaildocs:edit", args=[document.pk]),
            document_data(docx_bytes(f"Version {version}"), "brief.docx", version=version),
        )
    kept = {
        row.version: files.extract_text(io.BytesIO(bytes_of(row.file)), "docx")
        for row in document.versions.all()
    }
    assert kept == {"1": document.title, "2": "Version 2", "3": "Version 3"}


def test_document_replaced_by_code_keeps_the_earlier_file(site):
    document = add_file(TemplatePageFactory(parent=site.templates))
    old = bytes_of(document.file)
    document.file = ContentFile(docx_bytes("New"), "brief.docx")
    document.save()
    assert [bytes_of(row.file) for row in document.versions.all()] == [old]
    assert HubDocument.objects.get().extracted_text == "New"


def test_document_edited_without_a_new_file_keeps_the_file_and_makes_no_version(site, admin_client):
    document = add_file(TemplatePageFactory(parent=site.templates))
    admin_client.post(
        reverse("wagtaildocs:edit", args=[document.pk]), document_data(None, title="Other words")
    )
    document.refresh_from_db()
    assert document.title == "Other words"
    assert document.extracted_text != ""
    assert bytes_of(document.file)
    assert not document.versions.exists()


# Downloading


@pytest.mark.parametrize("extension", BUILDERS)
def test_download_is_an_attachment_of_its_type(site, client, extension):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    content = BUILDERS[extension]()
    add_file(template, file=ContentFile(content, f"map.{extension}"))
    response = client.get(f"/en/toolkit/templates/map/download/en-{extension}/")
    assert response.status_code == 200
    assert response.getvalue() == content
    assert response["Content-Type"] == CONTENT_TYPES[extension]
    assert response["Content-Disposition"] == f'attachment; filename="map.{extension}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(content))
    assert not response.cookies


def test_download_of_a_language_finds_that_file(site, client):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    add_file(template, language="en")
    add_file(template, language="es", file=ContentFile(docx_bytes("Mapa"), "mapa.docx"))
    response = client.get("/en/toolkit/templates/map/download/es-docx/")
    assert files.extract_text(io.BytesIO(response.getvalue()), "docx") == "Mapa"
    assert response["Content-Disposition"] == 'attachment; filename="mapa.docx"'


@pytest.mark.parametrize("key", ["fr-docx", "en-pdf", "en", "docx", "EN-docx"])
def test_download_of_an_unknown_key_is_not_found(site, client, key):
    add_file(TemplatePageFactory(parent=site.templates, slug="map"))
    assert client.get(f"/en/toolkit/templates/map/download/{key}/").status_code == 404


def test_download_of_an_unpublished_page_is_not_found(site, client):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    add_file(template)
    address = "/en/toolkit/templates/map/download/en-docx/"
    assert client.get(address).getvalue()
    template.unpublish()
    assert client.get(address).status_code == 404


def test_download_address_stands_on_the_template_page(site, client):
    template = TemplatePageFactory(parent=site.templates, slug="map")
    add_file(template)
    page = BeautifulSoup(client.get(template.url).content, "html.parser")
    links = [link["href"] for link in page.find("main").find_all("a", download=True)]
    assert links == ["/en/toolkit/templates/map/download/en-docx/"]


def test_document_served_from_a_body_is_an_attachment_too(site, client):
    document = add_file(
        TemplatePageFactory(parent=site.templates), file=ContentFile(pdf_bytes(), "a.pdf")
    )
    response = client.get(document.url)
    assert response.getvalue() == pdf_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"

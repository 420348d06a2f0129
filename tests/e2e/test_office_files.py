"""Files to write in open in an office program: LibreOffice lays each of them out as pages."""

import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

FILES = sorted((Path(settings.BASE_DIR) / "toolkit" / "demo" / "files").glob("*/*.*"))


def to_pdf(sources: list[Path], folder: Path):
    """Has LibreOffice lay out files as pages, in ``folder``."""
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder.parent}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *map(str, sources),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder for what is laid out, where there is something to do it with."""
    if not shutil.which("soffice"):
        message = "LibreOffice is not installed (Debian: libreoffice-writer-nogui and its sisters)."
        if os.environ.get("HUB_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return tmp_path_factory.mktemp("laid-out")


@pytest.fixture(scope="module")
def laid_out(folder) -> Path:
    """A folder with a PDF of each file that is not one already."""
    for language in {path.parent for path in FILES}:
        sources = [path for path in language.iterdir() if path.suffix != ".pdf"]
        # Two files may differ in their ending only, so each ending gets a folder of its own.
        for suffix in {path.suffix for path in sources}:
            of_kind = [path for path in sources if path.suffix == suffix]
            to_pdf(of_kind, folder / f"{language.name}{suffix}")
    return folder


def words_of(pdf: Path) -> list[str]:
    pages = PdfReader(pdf).pages
    assert 1 <= len(pages) <= 20
    return " ".join(page.extract_text() for page in pages).split()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_template_file_opens_and_has_pages_with_words(path, laid_out):
    pdf = path
    if path.suffix != ".pdf":
        pdf = laid_out / f"{path.parent.name}{path.suffix}" / f"{path.stem}.pdf"
    words = words_of(pdf)
    assert len(words) > 80
    assert "CC BY 4.0" in " ".join(words)


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
def test_questions_of_a_request_open(language, folder, hub):
    file = folder / f"request-{language}.docx"
    urllib.request.urlretrieve(f"{hub}/{language}/funding/request/questions/", file)  # noqa: S310
    to_pdf([file], folder / "questions")
    assert len(words_of(folder / "questions" / f"{file.stem}.pdf")) > 150

"""The demo's template files open in an office program: LibreOffice lays each of them out as pages."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

FILES = sorted((Path(settings.BASE_DIR) / "toolkit" / "demo" / "files").glob("*/*.*"))


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory) -> Path:
    """A folder with a PDF of each file that is not one already."""
    if not shutil.which("soffice"):
        message = "LibreOffice is not installed (Debian: libreoffice-writer-nogui and its sisters)."
        if os.environ.get("HUB_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("laid-out")
    for language in {path.parent for path in FILES}:
        sources = [path for path in language.iterdir() if path.suffix != ".pdf"]
        # Two files may differ in their ending only, so each ending gets a folder of its own.
        for suffix in {path.suffix for path in sources}:
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation=file://{folder}/profile",
                    "--headless",
                    "--convert-to",
                    "pdf",
                    "--outdir",
                    str(folder / language.name / suffix),
                    *(str(path) for path in sources if path.suffix == suffix),
                ],
                check=True,
                capture_output=True,
                timeout=180,
            )
    return folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_template_file_opens_and_has_pages_with_words(path, laid_out):
    pdf = path
    if path.suffix != ".pdf":
        pdf = laid_out / path.parent.name / path.suffix / f"{path.stem}.pdf"
    pages = PdfReader(pdf).pages
    words = " ".join(page.extract_text() for page in pages).split()
    assert 1 <= len(pages) <= 20
    assert len(words) > 80
    assert "CC BY 4.0" in " ".join(words)

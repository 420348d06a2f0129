"""Converting with LibreOffice, and making office packages small and identical from build to build."""

import os
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

from toolkit.demo.files_builder.theme import RELEASED

PDF_OPTIONS = {
    "UseTaggedPDF": ("boolean", "true"),
    "ExportBookmarks": ("boolean", "false"),
}


def convert(source, target, locale):
    """Convert ``source`` to the format of ``target``'s ending, with a private LibreOffice profile.

    The private profile lets the build run while somebody has LibreOffice open. ``locale`` becomes the language that a
    PDF declares, in place of that of the computer.
    """
    suffix = target.suffix.lstrip(".")
    with tempfile.TemporaryDirectory(prefix="files-soffice-") as work:
        command = ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless"]
        command += [
            "--convert-to",
            _filter(suffix, source.suffix),
            "--outdir",
            f"{work}/out",
            str(source),
        ]
        environment = {**os.environ, "LC_ALL": locale.replace("-", "_") + ".UTF-8"}
        subprocess.run(command, check=True, capture_output=True, timeout=180, env=environment)
        written = Path(work, "out", source.stem + target.suffix)
        target.write_bytes(written.read_bytes())


def _filter(suffix, source_suffix):
    if suffix != "pdf":
        return suffix
    application = {".pptx": "impress", ".docx": "writer", ".xlsx": "calc"}[source_suffix]
    options = ",".join(
        f'"{key}":{{"type":"{kind}","value":"{value}"}}'
        for key, (kind, value) in PDF_OPTIONS.items()
    )
    return f"pdf:{application}_pdf_Export:{{{options}}}"


def make_steady(path):
    """Make a finished file identical from build to build, so that version control sees real changes only.

    Spreadsheets in the OpenDocument format are the exception: LibreOffice writes their styles in any order.
    """
    if path.suffix == ".pdf":
        path.write_bytes(_steady_pdf(path.read_bytes()))
    else:
        repack(path)


def _steady_pdf(data):
    """Fix the time and the marks made from it. Lengths stay the same, so that no address in the file moves."""
    moment = RELEASED.strftime("%Y%m%d%H%M%S").encode()
    data = re.sub(rb"(/CreationDate\(D:)\d{14}", rb"\g<1>" + moment, data)
    data = re.sub(rb"(/DocChecksum /)[0-9A-F]{32}", rb"\g<1>" + b"0" * 32, data)
    return re.sub(rb"<[0-9A-F]{32}>(?=\s*(?:<|\]))", b"<" + b"0" * 32 + b">", data)


def repack(path):
    """Rewrite an office package with fixed times and full compression."""
    with zipfile.ZipFile(path) as package:
        parts = [
            (info, package.read(info))
            for info in package.infolist()
            if not _is_dispensable(info.filename)
        ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for info, data in parts:
            fresh = zipfile.ZipInfo(info.filename, RELEASED.timetuple()[:6])
            # OpenDocument wants its first member, "mimetype", uncompressed.
            fresh.compress_type = (
                zipfile.ZIP_STORED if info.filename == "mimetype" else zipfile.ZIP_DEFLATED
            )
            package.writestr(fresh, _steady(info.filename, data))


def _is_dispensable(name):
    """A preview picture of the first page and empty menu folders are dead weight on a metered line."""
    return name.startswith(("Thumbnails/", "Configurations2/")) or name == "docProps/thumbnail.jpeg"


def _steady(name, data):
    """Take out what differs between two builds of the same words, and what points to dropped parts."""
    moment = RELEASED.strftime("%Y-%m-%dT%H:%M:%S").encode()
    if name == "meta.xml":
        data = re.sub(rb"(<(?:dc:date|meta:creation-date)>)[^<]*", rb"\g<1>" + moment, data)
        data = re.sub(rb"<meta:editing-duration>[^<]*</meta:editing-duration>", b"", data)
    if name == "docProps/core.xml":
        data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment + b"Z", data)
    if name == "settings.xml":
        data = re.sub(
            rb'<config:config-item config:name="Rsid(?:Root)?"[^>]*>[^<]*</config:config-item>',
            b"",
            data,
        )
    if name == "META-INF/manifest.xml":
        data = re.sub(
            rb'\s*<manifest:file-entry[^>]*"(?:Thumbnails|Configurations2)/[^>]*/>', b"", data
        )
    if name == "_rels/.rels":
        data = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", data)
    return data

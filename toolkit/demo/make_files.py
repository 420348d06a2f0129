"""Write the demo's template files to ``toolkit/demo/files/<language>/``.

A development tool, run by hand from the root of the repository after a change to the words or the look:

    python -m toolkit.demo.make_files                        # English
    python -m toolkit.demo.make_files --language ar          # from files_builder/catalogues/ar.po
    python -m toolkit.demo.make_files --only context-brief   # one template
    python -m toolkit.demo.make_files --strings /tmp/files.pot

It needs python-docx, openpyxl, python-pptx and LibreOffice (``soffice``), and polib for catalogues. The PDF embeds
fonts of this computer: it looks as intended where Carlito, which stands in for Calibri, is installed. The site itself
needs none of these: it hands out the finished files. Nothing here imports Django.

A language with an incomplete catalogue is refused, template by template: a file is whole in one language or absent.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from toolkit.demo.files_builder.catalogue import (
    SOURCE_LANGUAGE,
    Catalogue,
    MissingTranslationsError,
)
from toolkit.demo.files_builder.documents import (
    after_action_log,
    campaign_plan,
    coalition_terms,
    context_brief,
    decision_path_worksheet,
    interests_register,
    message_test_sheet,
    one_page_brief,
    strategy_on_a_page,
    supporters_and_detractors_map,
)
from toolkit.demo.files_builder.packaging import convert, make_steady
from toolkit.demo.files_builder.theme import Edition
from toolkit.demo.files_builder.views import copy_views

FILES = Path(__file__).parent / "files"
DOCUMENTS = (
    context_brief,
    interests_register,
    supporters_and_detractors_map,
    strategy_on_a_page,
    decision_path_worksheet,
    one_page_brief,
    campaign_plan,
    coalition_terms,
    message_test_sheet,
    after_action_log,
)


def main(arguments=None):
    options = _parse(arguments)
    catalogue = Catalogue(options.language)
    edition = Edition(options.language, catalogue.translate)
    folder = options.folder or FILES / options.language
    folder.mkdir(parents=True, exist_ok=True)
    refused = 0
    for document in _chosen(options.only):
        catalogue.current_file = document.TEMPLATE.slug
        try:
            written = write_template(document, edition, folder, catalogue)
        except MissingTranslationsError as gap:
            refused += 1
            print(f"not written: {gap}", file=sys.stderr)
            continue
        for path in written:
            print(f"{path.stat().st_size / 1024:6.1f} KB  {path}")
    if options.strings:
        catalogue.write_template(options.strings)
    return 1 if refused else 0


def write_template(document, edition, folder, catalogue):
    """Build every format of one template, and move them into place only when all of them are whole."""
    slug = document.TEMPLATE.slug
    with tempfile.TemporaryDirectory(prefix="files-") as work:
        ready = []
        for output in document.OUTPUTS:
            native = Path(work, "native", f"{slug}.{output.native}")
            native.parent.mkdir(exist_ok=True)
            output.build(edition, native)
            catalogue.refuse_gaps(slug)
            target = Path(work, f"{slug}.{output.ending}")
            if output.ending == output.native:
                shutil.copy(native, target)
            else:
                convert(native, target)
            if output.ending == "ods":
                copy_views(native, target)
            make_steady(target)
            ready.append(target)
        return [Path(shutil.copy(path, folder / path.name)) for path in ready]


def _chosen(slugs):
    return [document for document in DOCUMENTS if not slugs or document.TEMPLATE.slug in slugs]


def _parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--language", default=SOURCE_LANGUAGE, help="language code; other than en needs a catalogue"
    )
    slugs = [document.TEMPLATE.slug for document in DOCUMENTS]
    parser.add_argument(
        "--only", action="append", choices=slugs, help="build this template only; may be repeated"
    )
    parser.add_argument(
        "--folder", type=Path, help="write here instead of toolkit/demo/files/<language>"
    )
    parser.add_argument(
        "--strings", type=Path, help="also write the source strings to this .pot file"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

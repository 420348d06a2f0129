"""Write the demo's template files to ``toolkit/demo/files/<language>/``.

A development tool, run by hand from the root of the repository after a change to the words or the look:

    python -m toolkit.demo.make_files                        # every language in files_builder/editions.py
    python -m toolkit.demo.make_files --language es          # one language
    python -m toolkit.demo.make_files --only context-brief   # one template
    python -m toolkit.demo.make_files --strings /tmp/files.pot

To add a language, or a template to one: translate its strings into ``files_builder/catalogues/<language>.po``, starting
from the .pot file (``msgmerge`` brings an older catalogue up to date), and list it in ``files_builder/editions.py``.

It needs python-docx, openpyxl, python-pptx, polib and LibreOffice (``soffice``). The PDF embeds fonts of this computer:
it looks as intended where Carlito, which stands in for Calibri, is installed. The site itself needs none of these: it
hands out the finished files. Nothing here imports Django.

A template with a gap in its catalogue is refused: a file is whole in one language or absent.
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
from toolkit.demo.files_builder.editions import FILE_NAMES
from toolkit.demo.files_builder.packaging import convert, make_steady
from toolkit.demo.files_builder.theme import Edition
from toolkit.demo.files_builder.views import copy_views

FILES = Path(__file__).parent / "files"
LANGUAGES = (SOURCE_LANGUAGE, *FILE_NAMES)
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
    refused = 0
    for language in options.language or LANGUAGES:
        catalogue = Catalogue(language)
        refused += write_language(catalogue, options.only, options.folder / language)
        if options.strings and language == SOURCE_LANGUAGE:
            catalogue.write_template(options.strings)
    return 1 if refused else 0


def write_language(catalogue, slugs, folder):
    """Build the templates that a language has. Returns how many were refused."""
    edition = Edition(catalogue.language, catalogue.translate)
    folder.mkdir(parents=True, exist_ok=True)
    refused = 0
    for document, name in _documents_in(catalogue.language):
        if slugs and document.TEMPLATE.slug not in slugs:
            continue
        catalogue.current_file = document.TEMPLATE.slug
        try:
            written = write_template(document, edition, folder, name, catalogue)
        except MissingTranslationsError as gap:
            refused += 1
            print(f"not written: {gap}", file=sys.stderr)
            continue
        for path in written:
            print(f"{path.stat().st_size / 1024:6.1f} KB  {path}")
    return refused


def write_template(document, edition, folder, name, catalogue):
    """Build every format of one template, and move them into place only when all of them are whole."""
    slug = document.TEMPLATE.slug
    with tempfile.TemporaryDirectory(prefix="files-") as work:
        ready = []
        for output in document.OUTPUTS:
            native = Path(work, "native", f"{name}.{output.native}")
            native.parent.mkdir(exist_ok=True)
            output.build(edition, native)
            catalogue.refuse_gaps(slug)
            target = Path(work, f"{name}.{output.ending}")
            if output.ending == output.native:
                shutil.copy(native, target)
            else:
                convert(native, target, edition.locale)
            if output.ending == "ods":
                copy_views(native, target)
            make_steady(target)
            ready.append(target)
        return [Path(shutil.copy(path, folder / path.name)) for path in ready]


def _documents_in(language):
    """The documents that exist in a language, each with the name of its files."""
    by_slug = {document.TEMPLATE.slug: document for document in DOCUMENTS}
    names = (
        {slug: slug for slug in by_slug} if language == SOURCE_LANGUAGE else FILE_NAMES[language]
    )
    return [(by_slug[slug], name) for slug, name in names.items()]


def _parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--language", action="append", choices=LANGUAGES, help="this language only; may be repeated"
    )
    slugs = [document.TEMPLATE.slug for document in DOCUMENTS]
    parser.add_argument(
        "--only", action="append", choices=slugs, help="build this template only; may be repeated"
    )
    parser.add_argument(
        "--folder", type=Path, default=FILES, help="write here instead of toolkit/demo/files"
    )
    parser.add_argument(
        "--strings", type=Path, help="also write the English strings to this .pot file"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""The words of the template files, in the language being built.

English is the source and lives in the document modules, inside ``t("…")``. Other languages are gettext
catalogues beside this file: ``catalogues/es.po``, ``catalogues/ar.po`` and so on.
"""

from pathlib import Path

SOURCE_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "catalogues"


class MissingTranslationsError(Exception):
    """Raised instead of writing a file that would mix two languages."""


class Catalogue:
    """Looks up visible strings, and remembers which file asked for which string."""

    def __init__(self, language):
        self.language = language
        self.uses = {}
        self.missing = {}
        self.current_file = ""
        self._translations = {} if language == SOURCE_LANGUAGE else _read_catalogue(language)

    def translate(self, text):
        files = self.uses.setdefault(text, [])
        if self.current_file not in files:
            files.append(self.current_file)
        if self.language == SOURCE_LANGUAGE:
            return text
        translation = self._translations.get(text)
        if not translation:
            self.missing.setdefault(self.current_file, []).append(text)
            return text
        return translation

    def refuse_gaps(self, slug):
        gaps = self.missing.get(slug)
        if gaps:
            raise MissingTranslationsError(
                f"{slug}: {len(gaps)} strings are not in {self.language}.po, first: {gaps[0]!r}"
            )

    def write_template(self, path):
        """Write the source strings as a .pot file: the starting point for a new language."""
        import polib  # only this option and translated builds need it

        template = polib.POFile()
        template.metadata = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
        }
        for text, files in self.uses.items():
            template.append(polib.POEntry(msgid=text, occurrences=[(name, "") for name in files]))
        template.save(str(path))


def _read_catalogue(language):
    import polib

    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        raise FileNotFoundError(f"No catalogue for {language!r}: expected {path}")
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.translated()}

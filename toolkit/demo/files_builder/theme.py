"""The look shared by every file: the site's colours and fonts that are present on nearly every computer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

INK = "1D1A15"
INK_SOFT = "585040"
RUST = "9C2F16"
RUST_TINT = "F6E1D6"
SHADE = "EFE8D9"
PAPER = "F8F4EA"
LEAF = "FFFDF8"
RULE = "D5CAB4"
EDGE = "82775F"
WHITE = "FFFFFF"

HEADING_FONT = "Georgia"
TEXT_FONT = "Calibri"
# Word and PowerPoint take Arabic letters from a second font slot; both of these hold them.
COMPLEX_HEADING_FONT = "Times New Roman"
COMPLEX_TEXT_FONT = "Arial"

# A fixed date keeps a rebuilt file identical, so that version control only sees real changes.
RELEASED = datetime(2022, 3, 14, 9, 0, 0)

LOCALES = {"en": "en-GB", "es": "es-ES", "fr": "fr-FR", "ar": "ar-SA"}
# How a spreadsheet asks for the names of months in one language, whatever the computer speaks.
MONTHS_IN = {"es": "[$-C0A]", "fr": "[$-40C]"}
RIGHT_TO_LEFT_LANGUAGES = {"ar", "fa", "he", "ur"}


@dataclass(frozen=True)
class Template:
    """What a file says about itself. Versions here must match those in ``pages/*.toml``."""

    slug: str
    title: str
    version: str
    step: int
    chapters: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """One language of the files: its translator and its reading direction."""

    language: str
    t: Callable[[str], str]

    @property
    def locale(self):
        return LOCALES.get(self.language, self.language)

    @property
    def right_to_left(self):
        return self.language in RIGHT_TO_LEFT_LANGUAGES

    def kicker(self, template):
        """The small line over a title that says where in the toolkit the file belongs."""
        chapters = template.chapters
        if len(chapters) == 1:
            where = self.t("Chapter {chapter}").format(chapter=chapters[0])
        else:
            where = self.t("Chapters {first} and {second}").format(
                first=chapters[0], second=chapters[1]
            )
        return self.t("Step {number}: {name}. {chapters}").format(
            number=template.step, name=self.step_name(template.step), chapters=where
        )

    def step_name(self, step):
        names = (
            self.t("Understand your context"),
            self.t("Develop the strategy"),
            self.t("Plan the campaign"),
            self.t("Act and adapt"),
        )
        return names[step - 1]

    def author(self):
        return self.t("Plain Tender, demonstration")

    def licence(self):
        return self.t("Licence: CC BY 4.0. Change anything; keep this line.")

    def imprint(self, template):
        """Name, version and licence: the footer of every page."""
        return self.t("{title}, version {version}. {licence}").format(
            title=self.t(template.title), version=template.version, licence=self.licence()
        )

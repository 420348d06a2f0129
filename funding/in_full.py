"""All questions of a request, to be read, printed or written in a file before anybody fills them in."""

from dataclasses import dataclass, field
from io import BytesIO

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from docx.text.paragraph import Paragraph

from hub import languages
from hub.forms.builder import CONSENT

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What must follow w:bidi in the properties of a paragraph (ECMA-376, part 1, 17.3.1.26).
_AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
)
# A4, as most of those who ask print it.
_WIDTH, _HEIGHT, _MARGIN = Cm(21), Cm(29.7), Cm(2)
# The room for an answer of one line; for one of several, as long as nobody has written more.
_LINE, _TEXT = Cm(0.9), Cm(4)
_INK = RGBColor(0x1B, 0x1A, 0x17)


@dataclass(frozen=True)
class Question:
    """A question as it stands in the form; ``limit`` is in words, None where there is none."""

    label: str
    help_text: str
    hints: list[str]
    limit: int | None
    is_required: bool
    choices: list[str] = field(default_factory=list)
    is_long: bool = False

    @property
    def note(self) -> str:
        """How much may be written, and whether anything must be."""
        said = []
        if self.limit:
            said.append(
                ngettext("Up to %(limit)d word", "Up to %(limit)d words", self.limit)
                % {"limit": self.limit}
            )
        if not self.is_required:
            said.append(_("optional"))
        # A comma would not be the one of every language.
        return " · ".join(said)


# Of a list of all countries nobody wants to read a copy.
_FEW = 12


def questions_of(form_class: type[forms.Form]) -> list[Question]:
    """The questions of a form in its order, in the active language; consent is no question."""
    return [_question(asked) for name, asked in form_class.base_fields.items() if name != CONSENT]


def _question(asked: forms.Field) -> Question:
    choices = [str(shown) for value, shown in getattr(asked, "choices", []) if value]
    return Question(
        label=str(asked.label),
        help_text=str(asked.help_text),
        hints=[str(hint) for hint in getattr(asked, "hints", [])],
        limit=getattr(asked, "word_limit", None),
        is_required=asked.required or getattr(asked, "has_substitute", False),
        choices=choices if len(choices) <= _FEW else [],
        is_long=isinstance(asked.widget, forms.Textarea),
    )


def document(title: str, intro: str, questions: list[Question], language: str) -> bytes:
    """The questions as a DOCX file with room for the answers, in ``language``."""
    made = Document()
    _describe(made, title, language)
    _lay_out(made)
    made.add_heading(title, 1)
    if intro:
        made.add_paragraph(intro)
    for number, question in enumerate(questions, start=1):
        made.add_heading(f"{number}. {question.label}", 2)
        for line in [question.help_text, *question.hints]:
            if line:
                made.add_paragraph(line)
        for choice in question.choices:
            made.add_paragraph(f"☐ {choice}")
        if question.note:
            made.add_paragraph().add_run(question.note).italic = True
        if not question.choices:
            _add_room(made, _TEXT if question.is_long else _LINE)
    if languages.direction(language) == "rtl":
        _turn(made)
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def _add_room(made, height):
    """A frame to write in, which grows with what is written."""
    row = made.add_table(1, 1, style="Table Grid").rows[0]
    row.height, row.height_rule = height, WD_ROW_HEIGHT_RULE.AT_LEAST


def _lay_out(made):
    """For A4, with headings in ink instead of an office's blue, and none alone at the foot of a page."""
    section = made.sections[0]
    section.page_width, section.page_height = _WIDTH, _HEIGHT
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin = section.bottom_margin = _MARGIN
    for name in ("Heading 1", "Heading 2"):
        made.styles[name].font.color.rgb = _INK
        made.styles[name].paragraph_format.keep_with_next = True


def _describe(made, title: str, language: str):
    """Says what it is and in which language, and nothing of who made it: python-docx names itself."""
    properties = made.core_properties
    properties.title, properties.language = title, language
    properties.author = properties.last_modified_by = properties.comments = ""
    defaults = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    marked = defaults.find(qn("w:rPr")).find(qn("w:lang"))
    for name in ("w:val", "w:bidi"):
        marked.set(qn(name), language)


def _turn(made):
    """Has every paragraph and frame run from right to left."""
    for table in made.tables:
        table.table_direction = WD_TABLE_DIRECTION.RTL
    # Also those in frames, which made.paragraphs leaves out.
    for element in made.element.body.iter(qn("w:p")):
        paragraph = Paragraph(element, made)
        properties = element.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        # Word reads "left" as the side where lines begin, once the paragraph is turned.
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for run in paragraph.runs:
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))

"""All questions of a request, to be read, printed or written in a file before anybody fills them in."""

from dataclasses import dataclass, field
from io import BytesIO

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

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
# Lines to write on, where somebody prints it.
_LINES = {forms.Textarea: 6}


@dataclass(frozen=True)
class Question:
    """A question as it stands in the form; ``limit`` is in words, None where there is none."""

    label: str
    help_text: str
    hints: list[str]
    limit: int | None
    is_required: bool
    choices: list[str] = field(default_factory=list)
    lines: int = 1

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
        return ", ".join(said)


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
        is_required=asked.required,
        choices=choices if len(choices) <= _FEW else [],
        lines=_LINES.get(type(asked.widget), 1),
    )


def document(title: str, intro: str, questions: list[Question], language: str) -> bytes:
    """The questions as a DOCX file with room for the answers, in ``language``."""
    made = Document()
    _describe(made, title, language)
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
            for _line in range(question.lines):
                made.add_paragraph()
    if languages.direction(language) == "rtl":
        _turn(made)
    content = BytesIO()
    made.save(content)
    return content.getvalue()


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
    """Has every paragraph run from right to left."""
    for paragraph in made.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        # Word reads "left" as the side where lines begin, once the paragraph is turned.
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for run in paragraph.runs:
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))

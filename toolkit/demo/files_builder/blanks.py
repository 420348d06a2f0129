"""Puts the blank files that python-docx and python-pptx start from into the language of the edition.

They come in American English: the names of shapes, what a layout says in an empty title, the language that new text is
checked in. People meet these words in the panes of their office program, and a screen reader reads some of them out.
"""

from docx.oxml.ns import qn as word_name

from toolkit.demo.files_builder.catalogue import SOURCE_LANGUAGE

SHAPES = "http://schemas.openxmlformats.org/presentationml/2006/main"
TEXT = "http://schemas.openxmlformats.org/drawingml/2006/main"


def translate_word_blank(document, edition):
    if edition.language != SOURCE_LANGUAGE:
        for element in document.settings.element.findall(word_name("w:themeFontLang")):
            element.set(word_name("w:val"), edition.locale)


def translate_slides_blank(presentation, edition):
    prompts, kinds = _prompts(edition.t), _kinds(edition.t)
    for part in presentation.part.package.iter_parts():
        root = getattr(part, "_element", None)
        if root is None:
            continue
        for text in root.iter(f"{{{TEXT}}}t"):
            text.text = prompts.get(text.text, text.text)
        for properties in root.iter(f"{{{SHAPES}}}cNvPr"):
            kind, _, number = properties.get("name").rpartition(" ")
            if kind in kinds and number.isdigit():
                properties.set("name", f"{kinds[kind]} {number}")
        if edition.language != SOURCE_LANGUAGE:
            for element in root.xpath("//*[@lang]"):
                element.set("lang", edition.locale)


def _prompts(t):
    return {
        "Click to edit Master title style": t("Click to edit Master title style"),
        "Click to edit Master text styles": t("Click to edit Master text styles"),
        "Second level": t("Second level"),
        "Third level": t("Third level"),
        "Fourth level": t("Fourth level"),
        "Fifth level": t("Fifth level"),
    }


def _kinds(t):
    return {
        "Connector": t("Connector"),
        "Date Placeholder": t("Date Placeholder"),
        "Footer Placeholder": t("Footer Placeholder"),
        "Header Placeholder": t("Header Placeholder"),
        "Notes Placeholder": t("Notes Placeholder"),
        "Picture": t("Picture"),
        "Rectangle": t("Rectangle"),
        "Slide Image Placeholder": t("Slide Image Placeholder"),
        "Slide Number Placeholder": t("Slide Number Placeholder"),
        "Table": t("Table"),
        "TextBox": t("TextBox"),
        "Title": t("Title"),
        "Title Placeholder": t("Title Placeholder"),
    }

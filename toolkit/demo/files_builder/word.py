"""Text documents in the house style: the few building blocks the templates need, on top of python-docx."""

from copy import deepcopy

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from toolkit.demo.files_builder import theme
from toolkit.demo.files_builder.blanks import translate_word_blank
from toolkit.demo.files_builder.stairs import draw_stairs

A4_SHORT, A4_LONG, MARGIN = 21.0, 29.7, 1.8
SHORT_TABLE = 8  # rows; a table up to this long moves to the next page rather than break
KEPT_STYLES = {
    "Normal",
    "Title",
    "Subtitle",
    "Heading 1",
    "Heading 2",
    "Heading 3",
    "Header",
    "Footer",
}
KEPT_STYLES |= {"Default Paragraph Font", "Normal Table", "No List"}
# The file format fixes the order of properties; these are the ones that follow what is inserted here.
AFTER_TABLE_CELL_MARGINS = ("w:tblLook", "w:tblCaption", "w:tblDescription")
AFTER_TABLE_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", *AFTER_TABLE_CELL_MARGINS)
AFTER_BIDI_VISUAL = (
    "w:tblStyleRowBandSize",
    "w:tblStyleColBandSize",
    "w:tblW",
    "w:jc",
    "w:tblCellSpacing",
    "w:tblInd",
)
AFTER_BIDI_VISUAL += ("w:tblBorders", *AFTER_TABLE_BORDERS)
AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
)
AFTER_BIDI += ("w:jc", "w:textDirection", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr")


class WordFile:
    """One A4 document. Methods add blocks in reading order; ``save`` finishes the file."""

    def __init__(self, edition, template, landscape=False, text_size=10.5):
        self.edition = edition
        self.template = template
        self.t = edition.t
        self.document = Document()
        self.width = (A4_LONG if landscape else A4_SHORT) - 2 * MARGIN
        self.hints_shown = True
        _set_page(self.document.sections[0], landscape)
        _set_styles(self.document, edition.locale, text_size)
        _set_properties(self.document, edition, template)
        self._add_footer()

    # Words

    def opening(self, title, standfirst):
        """The staircase, the title and what the document is for."""
        line = self.document.add_paragraph(style="Kicker")
        line.paragraph_format.tab_stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(self.edition.kicker(self.template) + "\t")
        self._add_stairs(line)
        self.document.add_paragraph(title, style="Title")
        self.document.add_paragraph(standfirst, style="Subtitle")

    def example(self, title):
        """Start the filled-in example on a new page. It repeats the form, without the hints."""
        self.heading(title, new_page=True)
        self.instruction(
            self.t("Everything here is invented. Read it once, then delete it with its heading.")
        )
        self.hints_shown = False

    def heading(self, text, level=1, new_page=False):
        heading = self.document.add_heading(text, level)
        heading.paragraph_format.page_break_before = new_page or None
        return heading

    def paragraph(self, text, style=None):
        return self.document.add_paragraph(text, style=style)

    def instruction(self, text):
        """A shaded line that tells people what to do here, and that they delete when done."""
        return self.document.add_paragraph(text, style="Instruction")

    def help_line(self, text):
        """An instruction that belongs to the empty form only."""
        if self.hints_shown:
            self.instruction(text)

    def checklist(self, items):
        for item in items:
            self.document.add_paragraph("☐\t" + item, style="Checklist")

    def steps(self, items):
        """Numbers typed as text, so that they start at 1 again in every list and on every device."""
        for number, item in enumerate(items, 1):
            self.document.add_paragraph(f"{number}.\t{item}", style="Checklist")

    # Tables

    def form(self, rows, label_width=5.2):
        """Label and hint on one side, room to write on the other: ``(label, hint, value, lines)`` each.

        A value of several lines, such as answers to choose from, becomes several paragraphs.
        """
        table = self._table([label_width, self.width - label_width], len(rows))
        for row, (label, hint, value, lines) in zip(table.rows, rows, strict=True):
            _shade(row.cells[0], theme.SHADE)
            _fill(row.cells[0], label, "Label")
            self._add_hint(row.cells[0], hint)
            _fill(row.cells[1], value, "Entry")
            if not value:
                _at_least(row, lines)
        if len(table.rows) <= SHORT_TABLE:
            _keep_on_one_page(table)
        self._close_table()

    def box(self, value, lines):
        """One box as wide as the page, for a few sentences."""
        table = self._table([self.width], 1)
        _fill(table.cell(0, 0), value, "Entry")
        if not value:
            _at_least(table.rows[0], lines)
        self._close_table()

    def grid(self, columns, rows=(), empty_rows=0, lines=1.6):
        """A table with a header row repeated on every page: ``columns`` are ``(header, hint, share)``.

        Shares are parts of the text width, so the same table fits an upright and a lying page. ``lines`` is the
        room to write in a row that has no entries yet.
        """
        whole = sum(share for _, _, share in columns)
        widths = [self.width * share / whole for _, _, share in columns]
        table = self._table(widths, 1 + len(rows) + empty_rows)
        for cell, (header, hint, _) in zip(table.rows[0].cells, columns, strict=True):
            _shade(cell, theme.SHADE)
            _edge(cell, "top", theme.RUST, 12)
            _fill(cell, header, "Label")
            self._add_hint(cell, hint)
        _repeat(table.rows[0])
        for row, values in zip(table.rows[1:], rows, strict=False):
            for cell, value in zip(row.cells, values, strict=True):
                _fill(cell, value, "Entry")
            if not any(values[1:]):
                _at_least(row, lines)
        for row in table.rows[1 + len(rows) :]:
            _at_least(row, lines)
            for cell in row.cells:
                _fill(cell, "", "Entry")
        if len(table.rows) <= SHORT_TABLE:
            _keep_on_one_page(table)
        self._close_table()

    def canvas(self, rows):
        """A page of boxes. ``rows`` are ``(height_cm, boxes)``; boxes are ``(twelfths, label, hint, value, accent)``.

        A box as wide as the page holds the sentence that everything else serves, and sets it larger.
        """
        table = self._table([self.width / 12] * 12, len(rows))
        for row, (height, boxes) in zip(table.rows, rows, strict=True):
            row.height, row.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
            start = 0
            for twelfths, label, hint, value, accent in boxes:
                box = row.cells[start].merge(row.cells[start + twelfths - 1])
                start += twelfths
                if accent:
                    _shade(box, theme.RUST_TINT)
                _fill(box, label, "Label")
                self._add_hint(box, hint)
                if value:
                    box.add_paragraph(value, style="Statement" if twelfths == 12 else "Entry")
        self._close_table()

    def _table(self, widths, row_count):
        table = self.document.add_table(row_count, len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        properties = table._tbl.tblPr
        properties.insert_element_before(parse_xml(TABLE_BORDERS), *AFTER_TABLE_BORDERS)
        properties.insert_element_before(parse_xml(TABLE_CELL_MARGINS), *AFTER_TABLE_CELL_MARGINS)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            _keep_whole(row)
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
        return table

    def _add_hint(self, cell, hint):
        if hint and self.hints_shown:
            cell.add_paragraph(hint, style="Hint")

    def _close_table(self):
        """Word joins tables that touch, and wants a paragraph after the last one."""
        self.document.add_paragraph(style="After table")

    # Furniture

    def _add_stairs(self, paragraph):
        stream = draw_stairs(self.template.step, self.edition.right_to_left)
        picture = paragraph.add_run().add_picture(stream, height=Cm(0.75))
        alternative = self.t("Staircase of four steps; the filled one is step {number}.")
        picture._inline.docPr.set("descr", alternative.format(number=self.template.step))
        picture._inline.docPr.set("name", self.t("Staircase"))
        for side in ("distT", "distB", "distL", "distR"):
            picture._inline.set(side, "0")

    def _add_footer(self):
        footer = self.document.sections[0].footer.paragraphs[0]
        footer.style = self.document.styles["Footer"]
        footer.paragraph_format.tab_stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        footer.add_run(self.edition.imprint(self.template) + "\t")
        before, _, rest = self.t("Page {page} of {pages}").partition("{page}")
        between, _, after = rest.partition("{pages}")
        footer.add_run(before)
        _add_field(footer, "PAGE")
        footer.add_run(between)
        _add_field(footer, "NUMPAGES")
        footer.add_run(after)

    def save(self, path):
        # Otherwise the paragraph after a table that fills the last page would open an empty one.
        last = self.document.paragraphs[-1]
        if last.style.name == "After table":
            last.paragraph_format.line_spacing = Pt(1)
        if self.edition.right_to_left:
            _mirror(self.document)
        translate_word_blank(self.document, self.edition)
        self._name_styles()
        self.document.save(str(path))

    def _name_styles(self):
        """Office programs translate the names of their own styles; ours stand beside them in the menu."""
        names = {
            "Kicker": self.t("Kicker"),
            "Instruction": self.t("Instruction"),
            "Label": self.t("Label"),
            "Hint": self.t("Hint"),
            "Entry": self.t("Entry"),
            "Statement": self.t("Statement"),
            "Checklist": self.t("Checklist"),
            "After table": self.t("After table"),
        }
        for name, translation in names.items():
            self.document.styles[name].name = translation


TABLE_BORDERS = (
    f"<w:tblBorders {nsdecls('w')}>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{theme.RULE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)
TABLE_CELL_MARGINS = (
    f"<w:tblCellMar {nsdecls('w')}>"
    + "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 40), ("left", 90), ("bottom", 40), ("right", 90))
    )
    + "</w:tblCellMar>"
)


# Page and properties


def _set_page(section, landscape):
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width = Cm(A4_LONG if landscape else A4_SHORT)
    section.page_height = Cm(A4_SHORT if landscape else A4_LONG)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.6)
    section.header_distance, section.footer_distance = Cm(0.8), Cm(0.8)


def _set_properties(document, edition, template):
    properties = document.core_properties
    properties.title = edition.t(template.title)
    properties.subject = edition.kicker(template)
    properties.author = properties.last_modified_by = edition.author()
    properties.language = edition.language
    properties.version = template.version
    properties.comments = edition.licence()
    properties.keywords = ""
    properties.created = properties.modified = theme.RELEASED
    properties.revision = 1
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    settings.append(parse_xml(MODERN_LAYOUT))
    # The schema wants <w:compat> before these.
    for name in ("w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults"):
        _move_last(settings, name)
    for name in ("w:decimalSymbol", "w:listSeparator"):
        _move_last(settings, name)


MODERN_LAYOUT = (
    f"<w:compat {nsdecls('w')}>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat>"
)


def _move_last(parent, name):
    for element in parent.findall(qn(name)):
        parent.append(element)


# Styles


def _set_styles(document, locale, text_size):
    styles = document.styles
    _drop_unused_styles(styles)
    _set_language(styles.element, locale)
    _shape(styles["Normal"], theme.TEXT_FONT, text_size, theme.INK, after=5, line=1.1)
    title = _shape(styles["Title"], theme.HEADING_FONT, 23, theme.INK, before=4, after=2, line=1.0)
    _border(title, "top", "thickThinSmallGap", 18, theme.INK, space=6)
    # A screen reader then meets the title as the first heading, above the "Heading 2" of the parts.
    title.element.get_or_add_pPr().append(_element("w:outlineLvl", val="0"))
    _shape(styles["Subtitle"], theme.TEXT_FONT, 12, theme.INK_SOFT, after=7, line=1.1)
    _shape(styles["Heading 1"], theme.HEADING_FONT, 16, theme.INK, before=11, after=3, line=1.0)
    _shape(styles["Heading 2"], theme.HEADING_FONT, 12.5, theme.RUST, before=8, after=3, line=1.0)
    _shape(styles["Heading 3"], theme.TEXT_FONT, 10.5, theme.INK, bold=True, before=6, after=2)
    footer = _shape(styles["Footer"], theme.TEXT_FONT, 8.5, theme.INK_SOFT)
    for old in footer.element.pPr.findall(qn("w:tabs")):
        footer.element.pPr.remove(old)
    _shape(_new_style(styles, "Kicker"), theme.TEXT_FONT, 9.5, theme.RUST, bold=True, after=2)
    instruction = _shape(
        _new_style(styles, "Instruction"), theme.TEXT_FONT, 9.5, theme.INK, before=2, after=5
    )
    _border(instruction, "left", "single", 24, theme.RUST, space=6)
    _shade_style(instruction, theme.RUST_TINT)
    instruction.paragraph_format.left_indent = Cm(0.3)
    _shape(
        _new_style(styles, "Label"),
        theme.TEXT_FONT,
        text_size - 0.5,
        theme.INK,
        bold=True,
        line=1.0,
    )
    _shape(_new_style(styles, "Hint"), theme.TEXT_FONT, 8.5, theme.INK_SOFT, line=1.0)
    _shape(_new_style(styles, "Entry"), theme.TEXT_FONT, text_size - 0.5, theme.INK, line=1.05)
    _shape(_new_style(styles, "Statement"), theme.HEADING_FONT, 13, theme.INK, after=5, line=1.15)
    checklist = _shape(
        _new_style(styles, "Checklist"), theme.TEXT_FONT, text_size, theme.INK, after=2
    )
    checklist.paragraph_format.left_indent, checklist.paragraph_format.first_line_indent = (
        Cm(0.7),
        Cm(-0.7),
    )
    checklist.paragraph_format.tab_stops.add_tab_stop(Cm(0.7))
    _shape(_new_style(styles, "After table"), theme.TEXT_FONT, 4, theme.INK, line=1.0)
    for name in (
        "Kicker",
        "Title",
        "Subtitle",
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Instruction",
    ):
        styles[name].paragraph_format.keep_with_next = True


def _drop_unused_styles(styles):
    """python-docx brings a hundred table styles; they only fill the menu."""
    used = {element.get(qn("w:styleId")) for element in styles.element if _is_kept(element)}
    for element in list(styles.element.findall(qn("w:style"))):
        if element.get(qn("w:styleId")) not in used:
            styles.element.remove(element)
    for element in styles.element.findall(qn("w:style")):
        for link in element.findall(qn("w:link")):
            element.remove(link)


def _is_kept(element):
    name = element.find(qn("w:name"))
    names = {kept.lower() for kept in KEPT_STYLES}
    return (
        element.tag == qn("w:style") and name is not None and name.get(qn("w:val")).lower() in names
    )


def _set_language(styles_element, locale):
    defaults = styles_element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(
        parse_xml(
            f'<w:lang {nsdecls("w")} w:val="{locale}" w:eastAsia="{locale}" w:bidi="{locale}"/>'
        )
    )


def _new_style(styles, name):
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    style.quick_style = True
    return style


def _shape(style, font, size, colour, bold=False, before=0, after=0, line=1.1):
    """Give a style its font in both slots, for Latin and for Arabic letters, and its spacing."""
    style.font.name = font
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    complex_font = (
        theme.COMPLEX_HEADING_FONT if font == theme.HEADING_FONT else theme.COMPLEX_TEXT_FONT
    )
    for slot, value in (("ascii", font), ("hAnsi", font), ("eastAsia", font), ("cs", complex_font)):
        fonts.set(qn(f"w:{slot}"), value)
    for name in ("w:spacing", "w:kern", "w:szCs", "w:bCs", "w:iCs"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    properties.find(qn("w:sz")).addnext(_element("w:szCs", val=str(round(size * 2))))
    if bold:
        properties.find(qn("w:b")).addnext(_element("w:bCs"))
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    for name in ("w:pBdr", "w:numPr"):
        for old in style.element.get_or_add_pPr().findall(qn(name)):
            style.element.pPr.remove(old)
    return style


def _border(style, side, kind, size, colour, space):
    borders = OxmlElement("w:pBdr")
    borders.append(_element(f"w:{side}", val=kind, sz=str(size), space=str(space), color=colour))
    style.element.get_or_add_pPr().insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:jc",
        "w:outlineLvl",
    )


def _shade_style(style, colour):
    style.element.get_or_add_pPr().insert_element_before(
        _element("w:shd", val="clear", color="auto", fill=colour),
        "w:tabs",
        "w:spacing",
        "w:ind",
        "w:jc",
    )


# Cells, rows and fields


def _fill(cell, text, style):
    first, *others = text.split("\n")
    cell.paragraphs[0].style = style
    cell.paragraphs[0].add_run(first)
    for line in others:
        cell.add_paragraph(line, style=style)


def _shade(cell, colour):
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=colour))


def _edge(cell, side, colour, size):
    borders = OxmlElement("w:tcBorders")
    borders.append(_element(f"w:{side}", val="single", sz=str(size), space="0", color=colour))
    shading = cell._tc.get_or_add_tcPr().find(qn("w:shd"))
    if shading is None:
        cell._tc.tcPr.append(borders)
    else:
        shading.addprevious(borders)


def _at_least(row, lines):
    row.height, row.height_rule = Cm(0.25 + 0.45 * lines), WD_ROW_HEIGHT_RULE.AT_LEAST


def _keep_whole(row):
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat(row):
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_on_one_page(table):
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _add_field(paragraph, name):
    run = paragraph.add_run()._r
    for kind, text in (
        ("begin", None),
        (None, name),
        ("separate", None),
        ("shown", "1"),
        ("end", None),
    ):
        if kind in ("begin", "separate", "end"):
            run.append(_element("w:fldChar", fldCharType=kind))
        else:
            part = OxmlElement("w:instrText" if kind is None else "w:t")
            part.text = text
            run.append(part)


def _element(tag, **attributes):
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


# Right to left


def _mirror(document):
    """Turn pages, tables, paragraphs and runs to right-to-left."""
    for section in document.sections:
        section._sectPr.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid")
    roots = [document.element.body, *(section.footer._element for section in document.sections)]
    for root in roots:
        for table in root.iter(qn("w:tblPr")):
            table.insert_element_before(OxmlElement("w:bidiVisual"), *AFTER_BIDI_VISUAL)
        for paragraph in root.iter(qn("w:p")):
            paragraph.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
        for run in root.iter(qn("w:r")):
            properties = run.get_or_add_rPr()
            if properties.find(qn("w:rtl")) is None:
                properties.append(OxmlElement("w:rtl"))
    instruction = document.styles["Instruction"].element.pPr
    border = instruction.find(qn("w:pBdr"))
    right = deepcopy(border.find(qn("w:left")))
    right.tag = qn("w:right")
    border.replace(border.find(qn("w:left")), right)

"""Slides in the house style: A4 sheets with a grid that stays put and cards that move."""

import re

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from toolkit.demo.files_builder import theme
from toolkit.demo.files_builder.blanks import translate_slides_blank
from toolkit.demo.files_builder.stairs import draw_stairs

WIDTH, HEIGHT, MARGIN = 29.7, 21.0, 1.2
TITLE_TOP, TITLE_HEIGHT = 0.9, 1.5
PAGE_LAYOUT, GRID_LAYOUT = 0, 1


class SlideFile:
    """A set of A4 slides. Places are given in centimetres from the reading edge, so Arabic sheets are mirrored."""

    def __init__(self, edition, template, ground):
        self.edition = edition
        self.template = template
        self.t = edition.t
        self.presentation = Presentation()
        self.presentation.slide_width, self.presentation.slide_height = Cm(WIDTH), Cm(HEIGHT)
        self.ground = ground
        self._set_up_layouts(ground)
        _set_properties(self.presentation, edition, template)

    # Slides

    def add_slide(self, title, notes="", on_grid=False):
        layout = self.presentation.slide_layouts[GRID_LAYOUT if on_grid else PAGE_LAYOUT]
        slide = self.presentation.slides.add_slide(layout)
        slide.shapes.title.text_frame.text = title
        self._direct(slide.shapes.title.text_frame)
        self.add_text(
            slide,
            (MARGIN, HEIGHT - 0.95, 22, 0.6),
            [self.edition.imprint(self.template)],
            9,
            theme.INK_SOFT,
        )
        self._add_stairs(slide)
        number = self.t("Page {page}").format(page=len(self.presentation.slides))
        corner = (WIDTH - MARGIN - 4, HEIGHT - 0.95, 4, 0.6)
        self.add_text(slide, corner, [number], 9, theme.INK_SOFT, at_end=True)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _add_stairs(self, slide):
        stream = draw_stairs(self.template.step, self.edition.right_to_left, self.ground)
        left, top, _, height = self.place(WIDTH - MARGIN - 2.05, 0.85, 2.05, 0.75)
        picture = slide.shapes.add_picture(stream, left, top, height=height)
        alternative = self.t("Staircase of four steps; the filled one is step {number}.")
        _describe(picture, alternative.format(number=self.template.step))

    def add_text(self, slide, place, paragraphs, size, colour=theme.INK, **look):
        """``look``: ``bold``, ``at_end``, ``centred``, ``middle``, ``font``, ``gap`` (points after a paragraph)."""
        box = slide.shapes.add_textbox(*self.place(*place))
        self._write(box.text_frame, paragraphs, size, colour, **look)
        return box

    def add_note(self, slide, place, paragraphs, size=12):
        """A shaded box for instructions that people delete."""
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.place(*place))
        _paint(box, theme.RUST_TINT, None)
        self._write(box.text_frame, paragraphs, size, theme.INK, margin=0.3, middle=True)
        return box

    def add_card(self, slide, x, y, text, kind="plain", size=(3.8, 1.45)):
        """A card: plain, "first" for one of the three to move first, "wanted" for where it should go."""
        card = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.place(x, y, *size))
        fill, line, letters, dash = {
            "plain": (theme.LEAF, theme.INK, theme.INK, None),
            "first": (theme.RUST, theme.WHITE, theme.WHITE, None),
            "wanted": (theme.RUST_TINT, theme.RUST, theme.INK, MSO_LINE.DASH),
        }[kind]
        _paint(card, fill, line, dash)
        self._write(
            card.text_frame,
            [text],
            10.5,
            letters,
            bold=kind == "first",
            margin=0.12,
            middle=True,
            centred=True,
        )
        card.name = text or self.t("Card")
        return card

    def add_paper_card(self, slide, place, lines, name):
        """A card to print and cut out, with room to write after each of its lines."""
        card = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.place(*place))
        _paint(card, theme.WHITE, theme.INK)
        self._write(card.text_frame, lines, 10, theme.INK_SOFT, margin=0.2, middle=True, gap=9)
        card.text_frame.paragraphs[0].runs[0].font.bold = True
        card.name = name

    def add_arrow(self, slide, listener, heard):
        """An arrow glued to two cards: it follows when one of them is moved."""
        begin, end = _nearest_sides(listener, heard)
        arrow = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, 0, 0, 0, 0)
        arrow.begin_connect(listener, begin)
        arrow.end_connect(heard, end)
        self._finish_arrow(arrow)
        _describe(arrow, self.t("Arrow: {a} listens to {b}").format(a=listener.name, b=heard.name))
        return arrow

    def add_loose_arrow(self, slide, x, y, length):
        left, top, width, _ = self.place(x, y, length, 0)
        ends = (left + width, left) if self.edition.right_to_left else (left, left + width)
        arrow = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, ends[0], top, ends[1], top)
        self._finish_arrow(arrow)
        _describe(arrow, self.t("Loose arrow, to be drawn from one card to another"))

    def add_table(self, slide, place, columns, rows, row_height):
        """``columns`` are ``(header, share)``."""
        frame = slide.shapes.add_table(1 + len(rows), len(columns), *self.place(*place))
        table = frame.table
        _plain_table(frame, self.edition.right_to_left)
        whole = sum(share for _, share in columns)
        for column, (_, share) in zip(table.columns, columns, strict=True):
            column.width = Cm(place[2] * share / whole)
        table.rows[0].height = Cm(0.9)
        for index, (header, _) in enumerate(columns):
            self._fill_cell(table.cell(0, index), header, theme.SHADE, bold=True)
        for number, values in enumerate(rows, 1):
            table.rows[number].height = Cm(row_height)
            for index, value in enumerate(values):
                self._fill_cell(table.cell(number, index), value, theme.WHITE)
        return frame

    # The grid, which lives on its layout so that nobody drags it by mistake

    def draw_grid(self, left, top, column_width, row_height, columns, rows):
        shapes = self.presentation.slides.add_slide(
            self.presentation.slide_layouts[GRID_LAYOUT]
        ).shapes
        for row in range(rows):
            for column in range(columns):
                place = (
                    left + column * column_width,
                    top + row * row_height,
                    column_width,
                    row_height,
                )
                cell = shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.place(*place))
                _paint(cell, theme.SHADE if column in (0, columns - 1) else theme.WHITE, theme.RULE)
                _hide_from_readers(cell)
                self._move_to_layout(cell)
        self._drop_first_slide()

    def _move_to_layout(self, shape):
        tree = self.presentation.slide_layouts[GRID_LAYOUT].shapes._spTree
        numbers = [int(number) for number in tree.xpath("//@id") if number.isdigit()]
        shape._element.xpath(".//p:cNvPr")[0].set("id", str(max(numbers) + 1))
        tree.append(shape._element)

    def _drop_first_slide(self):
        slides = self.presentation.slides
        self.presentation.part.drop_rel(slides._sldIdLst[0].rId)
        slides._sldIdLst.remove(slides._sldIdLst[0])

    # Measures and words

    def place(self, x, y, width, height):
        left = WIDTH - x - width if self.edition.right_to_left else x
        return Cm(left), Cm(y), Cm(width), Cm(height)

    def _write(self, frame, paragraphs, size, colour, **look):
        frame.word_wrap = True
        margin = Cm(look.get("margin", 0))
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = margin
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE if look.get("middle") else MSO_ANCHOR.TOP
        for index, text in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), look.get("bold", False)
            run.font.color.rgb = RGBColor.from_string(colour)
            if look.get("font"):
                run.font.name = look["font"]
            if look.get("gap"):
                paragraph.space_after = Pt(look["gap"])
            at_left = bool(look.get("at_end")) == self.edition.right_to_left
            paragraph.alignment = PP_ALIGN.LEFT if at_left else PP_ALIGN.RIGHT
            if look.get("centred"):
                paragraph.alignment = PP_ALIGN.CENTER
        self._direct(frame)

    def _direct(self, frame):
        """Set language and reading direction, paragraph by paragraph."""
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.edition.locale)
            if self.edition.right_to_left:
                properties = paragraph._p.get_or_add_pPr()
                properties.set("rtl", "1")
                if properties.get("algn") is None:
                    properties.set("algn", "r")

    def _fill_cell(self, cell, text, fill, bold=False):
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(fill)
        self._write(cell.text_frame, [text], 12, theme.INK, bold=bold)
        cell.margin_left = cell.margin_right = Cm(0.2)
        cell.margin_top = cell.margin_bottom = Cm(0.12)

    def _finish_arrow(self, arrow):
        _forget_theme_style(arrow)
        arrow.line.color.rgb = RGBColor.from_string(theme.INK_SOFT)
        arrow.line.width = Pt(1.5)
        arrow.line._get_or_add_ln().append(
            arrow._element.makeelement(qn("a:tailEnd"), {"type": "triangle"})
        )

    # Layouts

    def _set_up_layouts(self, ground):
        """Keep two layouts, a page and a page with the grid, with fonts and colours of the house."""
        master = self.presentation.slide_master
        _set_theme(master.part)
        _set_ground(master, ground)
        layouts = self.presentation.slide_layouts
        page, grid = layouts.get_by_name("Title Only"), layouts.get_by_name("Title and Content")
        for layout in list(layouts):
            if layout not in (page, grid):
                layouts.remove(layout)
        page.name, grid.name = self.t("Page"), self.t("Page with grid")
        order = master._element.find(qn("p:sldLayoutIdLst"))
        order[:] = sorted(
            order,
            key=lambda item: master.part.related_part(item.rId).slide_layout.name != page.name,
        )
        for holder in (master, page, grid):
            for shape in list(holder.placeholders):
                if shape.placeholder_format.type is not None and shape.placeholder_format.idx != 0:
                    shape._element.getparent().remove(shape._element)
                else:
                    self._shape_title(shape)

    def _shape_title(self, shape):
        shape.left, shape.top, shape.width, shape.height = self.place(
            MARGIN, TITLE_TOP, WIDTH - 2 * MARGIN - 3, TITLE_HEIGHT
        )
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def save(self, path):
        _set_title_style(self.presentation.slide_master)
        translate_slides_blank(self.presentation, self.edition)
        self.presentation.save(str(path))


def _paint(shape, fill, line, dash=None):
    _forget_theme_style(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill)
    if line is None:
        shape.line.fill.background()
        return
    shape.line.color.rgb = RGBColor.from_string(line)
    shape.line.width = Pt(1.75 if dash else 1)
    if dash:
        shape.line.dash_style = dash


def _forget_theme_style(shape):
    """Without it, the theme adds a shadow and centres text."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def _describe(shape, text):
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def _hide_from_readers(shape):
    """Mark a shape as decoration, so that a screen reader does not read out fifteen empty boxes."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.append(
        etree.fromstring(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
            '<d:decorative xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
            "</a:ext></a:extLst>"
        )
    )


def _nearest_sides(one, other):
    """Connection points of two rectangles that face each other: 0 top, 1 left, 2 bottom, 3 right."""
    across = (other.left + other.width // 2) - (one.left + one.width // 2)
    down = (other.top + other.height // 2) - (one.top + one.height // 2)
    if abs(across) > one.width // 2:
        return (3, 1) if across > 0 else (1, 3)
    return (2, 0) if down > 0 else (0, 2)


def _plain_table(frame, right_to_left):
    """Take off the built-in table style, which brings its own colours, and draw thin rules."""
    properties = frame._element.graphic.graphicData.tbl.tblPr
    for old in list(properties):
        properties.remove(old)
    for name in list(properties.attrib):
        del properties.attrib[name]
    properties.set("firstRow", "1")
    if right_to_left:
        properties.set("rtl", "1")
    for cell in frame._element.iter(qn("a:tc")):
        borders = cell.get_or_add_tcPr()
        for side in ("a:lnL", "a:lnR", "a:lnT", "a:lnB"):
            line = etree.SubElement(borders, qn(side), w="9525")
            etree.SubElement(
                etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"), val=theme.RULE
            )


def _set_ground(master, colour):
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = RGBColor.from_string(colour)


def _set_theme(master_part):
    """Name the fonts and colours of the house in the theme, so that new text and shapes get them too."""
    theme_part = next(
        rel.target_part for rel in master_part.rels.values() if rel.reltype.endswith("/theme")
    )
    xml = theme_part.blob.decode("utf-8")
    for kind, font, complex_font in (
        ("major", theme.HEADING_FONT, theme.COMPLEX_HEADING_FONT),
        ("minor", theme.TEXT_FONT, theme.COMPLEX_TEXT_FONT),
    ):
        fonts = f'<a:latin typeface="{font}"/><a:ea typeface=""/><a:cs typeface="{complex_font}"/>'
        xml = re.sub(
            rf"(<a:{kind}Font>).*?(</a:{kind}Font>)", rf"\g<1>{fonts}\g<2>", xml, flags=re.S
        )
    colours = {
        "dk1": theme.INK,
        "lt1": theme.WHITE,
        "dk2": theme.INK_SOFT,
        "lt2": theme.SHADE,
        "accent1": theme.RUST,
        "accent2": theme.EDGE,
        "accent3": theme.RULE,
        "accent4": theme.RUST_TINT,
        "accent5": theme.INK_SOFT,
        "accent6": theme.INK,
        "hlink": theme.RUST,
        "folHlink": theme.INK_SOFT,
    }
    for name, colour in colours.items():
        xml = re.sub(
            rf"(<a:{name}>).*?(</a:{name}>)",
            rf'\g<1><a:srgbClr val="{colour}"/>\g<2>',
            xml,
            flags=re.S,
        )
    theme_part._blob = xml.encode("utf-8")


def _set_title_style(master):
    style = master._element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    properties = style.find(qn("a:defRPr"))
    properties.set("sz", "2200")
    properties.set("b", "0")


def _set_properties(presentation, edition, template):
    properties = presentation.core_properties
    properties.title = edition.t(template.title)
    properties.subject = edition.kicker(template)
    properties.author = properties.last_modified_by = edition.author()
    properties.language = edition.language
    properties.version = template.version
    properties.comments = edition.licence()
    properties.keywords = ""
    properties.created = properties.modified = theme.RELEASED
    properties.revision = 1

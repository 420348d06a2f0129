"""Spreadsheets in the house style: tables with lists to choose from, formulas, and a page set-up that prints."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break, ColBreak

from toolkit.demo.files_builder import theme
from toolkit.demo.files_builder.results import finish_workbook

FORMATS = {"text": "General", "date": "d mmm yyyy", "whole": "0", "money": "#,##0", "share": "0%"}
BESIDE = {
    "text": {},
    "date": {"horizontal": "center"},
    "whole": {"horizontal": "center"},
    "money": {"horizontal": "right", "indent": 1},
    "share": {"horizontal": "center"},
}
TEXT_SIZE = 11
MARGIN_INCHES = 0.45
HINT_SIZE = 9
MINIMUM_ROW = 20  # points
HEADING_ROW = 30
LINE = 1.33
LETTERS_IN_A_FIGURE = 1.05


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``choices`` names a list on the sheet of lists. ``formula`` makes the text of a formula from a row number, and
    marks the column as one that fills itself.
    """

    header: str
    hint: str = ""
    width: float = 16
    kind: str = "text"
    choices: str = ""
    formula: Callable[[int], str] | None = None


@dataclass(frozen=True)
class Alarm:
    """Changes the look of columns ``first`` to ``last`` while a formula, written for the first row, is true.

    ``look`` is "loud" for what needs attention, "quiet" for what is over, "struck" for what was given up.
    """

    formula: str
    first: str
    last: str
    look: str = "loud"


class SheetFile:
    """One workbook. Add sheets in the order of their tabs, then save."""

    def __init__(self, edition, template, lists):
        self.edition = edition
        self.template = template
        self.t = edition.t
        self.lists = lists
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.active)
        self.lists_name = self.t("Lists")
        _set_properties(self.workbook, edition, template)

    # References

    @staticmethod
    def ref(sheet_name, address):
        """An absolute reference to a cell or range of another sheet, such as ``'Start here'!$C$4``."""
        return f"{quote_sheetname(sheet_name)}!{absolute_coordinate(address)}"

    def list_range(self, name):
        letter = get_column_letter(list(self.lists).index(name) + 1)
        return self.ref(self.lists_name, f"{letter}2:{letter}{len(self.lists[name]) + 1}")

    def list_item(self, name, position):
        """The cell that holds one choice, so that formulas keep working when people reword it."""
        letter = get_column_letter(list(self.lists).index(name) + 1)
        return self.ref(self.lists_name, f"{letter}{position + 1}")

    # Sheets

    def add_sheet(self, name, landscape=True, example=False):
        sheet = self.workbook.create_sheet(name)
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.rightToLeft = self.edition.right_to_left
        sheet.sheet_properties.tabColor = theme.EDGE if example else theme.RUST
        self._set_page(sheet, landscape)
        return sheet

    def add_start(self, title, standfirst, steps, notes, days):
        """The first sheet: what the file is for and how to use it.

        ``days`` are labels and dates that the other sheets count from; returns a reference to each.
        """
        sheet = self.add_sheet(self.t("Start here"), landscape=False)
        for letter, width in (("A", 5), ("B", 78), ("C", 16)):
            sheet.column_dimensions[letter].width = width
            sheet[f"{letter}2"].border = Border(top=Side("thick", color=theme.INK))
        write(
            sheet, "A1", self.edition.kicker(self.template), size=10, bold=True, colour=theme.RUST
        )
        write(sheet, "A2", title, font=theme.HEADING_FONT, size=22)
        sheet.row_dimensions[2].height = 36
        write(sheet, "B3", standfirst, size=12, colour=theme.INK_SOFT, wrap=True)
        for row, step in enumerate(steps, 5):
            write(sheet, f"A{row}", f"{row - 4}.", bold=True, colour=theme.RUST)
            write(sheet, f"B{row}", step, wrap=True)
        row = 6 + len(steps)
        for note in notes:
            write(sheet, f"B{row}", note, fill=theme.RUST_TINT, wrap=True)
            sheet[f"A{row}"].border = Border(right=Side("thick", color=theme.RUST))
            sheet[f"B{row}"].alignment = Alignment(wrap_text=True, vertical="center", indent=1)
            row += 1
        references = []
        for row, (label, day) in enumerate(days, row + 1):
            write(sheet, f"B{row}", label, framed=True)
            write(sheet, f"C{row}", day, framed=True, kind="date")
            references.append(self.ref(sheet.title, f"C{row}"))
        write(
            sheet,
            f"B{row + 2}",
            self.edition.imprint(self.template),
            size=9,
            colour=theme.INK_SOFT,
            wrap=True,
        )
        return references

    def add_lists(self):
        """The last sheet: the words of every list, for the team to change."""
        sheet = self.add_sheet(self.lists_name, example=True)
        for index, (name, choices) in enumerate(self.lists.items(), 1):
            letter = get_column_letter(index)
            sheet.column_dimensions[letter].width = 26
            self._write_header(sheet, f"{letter}1", name, "")
            for row, choice in enumerate(choices, 2):
                write(sheet, f"{letter}{row}", choice, framed=True)
        note = self.t(
            "Reword a choice here and the lists and formulas follow. Keep the order and the number of choices."
        )
        letter = get_column_letter(len(self.lists) + 2)
        sheet.column_dimensions[letter].width = 48
        write(sheet, f"{letter}1", note, fill=theme.RUST_TINT, wrap=True)

    def add_table(
        self, name, columns, rows=(), room=30, alarms=(), example=False, frozen=1, wide_break=0
    ):
        """A sheet that is one table: header in row 1, kept in view, and ``room`` rows to fill."""
        sheet = self.add_sheet(name, example=example)
        self.write_table(sheet, 1, columns, rows, room, alarms)
        sheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{room + 1}"
        sheet.print_title_rows = "1:1"
        if wide_break:
            self._print_two_wide(sheet, wide_break, columns)
        return sheet

    @staticmethod
    def write_heading(sheet, row, text):
        """A heading inside a sheet, with room above it."""
        write(sheet, f"A{row}", text, font=theme.HEADING_FONT, size=14)
        sheet[f"A{row}"].alignment = Alignment(vertical="bottom")
        sheet.row_dimensions[row].height = HEADING_ROW

    def write_facts(self, sheet, top, facts, letters="AB"):
        """Labels and figures below each other: ``(label, formula, kind)``. Returns the next free row."""
        beside_label = "right" if self.edition.right_to_left else "left"
        for row, (label, value, kind) in enumerate(facts, top):
            write(sheet, f"{letters[0]}{row}", label, fill=theme.SHADE, wrap=True, framed=True)
            cell = write(
                sheet,
                f"{letters[1]}{row}",
                value,
                bold=kind != "text",
                wrap=kind == "text",
                framed=True,
                kind=kind,
            )
            cell.alignment = Alignment(
                horizontal=beside_label, vertical="top", wrap_text=kind == "text"
            )
        return top + len(facts)

    def write_table(self, sheet, top, columns, rows, room, alarms=(), set_widths=True):
        """Write header and ``room`` rows from row ``top`` on; ``rows`` hold values for columns without a formula."""
        first, last = top + 1, top + room
        for index, column in enumerate(columns, 1):
            letter = get_column_letter(index)
            if set_widths:
                sheet.column_dimensions[letter].width = column.width
            self._write_header(sheet, f"{letter}{top}", column.header, column.hint)
            self._add_validation(sheet, column, f"{letter}{first}:{letter}{last}")
        for number in range(room):
            row = first + number
            values = iter(rows[number] if number < len(rows) else ())
            for index, column in enumerate(columns, 1):
                value = column.formula(row) if column.formula else next(values, None)
                cell = write(
                    sheet, f"{get_column_letter(index)}{row}", value, wrap=True, framed=True
                )
                cell.number_format = FORMATS[column.kind]
                cell.alignment = Alignment(
                    **BESIDE[column.kind], vertical="center", wrap_text=column.kind == "text"
                )
                if column.formula:
                    cell.fill = PatternFill("solid", fgColor=theme.PAPER)
        for alarm in alarms:
            self.add_alarm(sheet, alarm, first, last)

    def _write_header(self, sheet, address, header, hint):
        parts = [
            TextBlock(
                InlineFont(rFont=theme.TEXT_FONT, b=True, sz=TEXT_SIZE, color=theme.INK), header
            )
        ]
        if hint:
            small = InlineFont(rFont=theme.TEXT_FONT, sz=HINT_SIZE, color=theme.INK_SOFT)
            parts.append(TextBlock(small, "\n" + hint))
        cell = sheet[address]
        cell.value = CellRichText(parts) if hint else header
        cell.font = Font(theme.TEXT_FONT, TEXT_SIZE, bold=True, color=theme.INK)
        cell.fill = PatternFill("solid", fgColor=theme.SHADE)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        thin = Side("thin", color=theme.RULE)
        cell.border = Border(
            top=Side("medium", color=theme.RUST), left=thin, right=thin, bottom=thin
        )

    def _add_validation(self, sheet, column, cells):
        if column.choices:
            rule = DataValidation(
                "list", formula1=self.list_range(column.choices), allow_blank=True
            )
            rule.error = self.t(
                "Choose a word from the list. You can change the list on the last sheet."
            )
        elif column.kind == "date" and not column.formula:
            rule = DataValidation(
                "date", operator="greaterThan", formula1="36526", allow_blank=True
            )
            rule.error = self.t(
                "Write a date, such as 24/2/2022. Without a real date the days cannot be counted."
            )
        elif column.kind in ("whole", "money") and not column.formula:
            rule = DataValidation(
                "decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True
            )
            rule.error = self.t("Write a number.")
        else:
            return
        rule.errorTitle = self.t("Not yet")
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)
        rule.add(cells)

    @staticmethod
    def offer_choices(sheet, cells, source):
        """Offer what stands in ``source`` as choices, and take other entries too."""
        rule = DataValidation("list", formula1=source, allow_blank=True)
        rule.showErrorMessage = False
        sheet.add_data_validation(rule)
        rule.add(cells)

    def add_alarm(self, sheet, alarm, first, last):
        if alarm.look == "loud":
            font, fill = (
                Font(color=theme.RUST, bold=True),
                PatternFill("solid", bgColor=theme.RUST_TINT),
            )
        else:
            font, fill = Font(color=theme.INK_SOFT, strike=alarm.look == "struck"), None
        rule = FormulaRule(formula=[alarm.formula], font=font, fill=fill)
        sheet.conditional_formatting.add(f"{alarm.first}{first}:{alarm.last}{last}", rule)

    # Printing

    def _set_page(self, sheet, landscape):
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        margins = sheet.page_margins
        margins.left = margins.right = MARGIN_INCHES
        margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.7, 0.35, 0.35
        sheet.oddHeader.left.text = self.t(self.template.title).replace("&", "&&") + " / &A"
        sheet.oddFooter.left.text = self.edition.imprint(self.template).replace("&", "&&")
        page = self.t("Page {page} of {pages}").replace("&", "&&")
        sheet.oddFooter.right.text = page.format(page="&P", pages="&N")
        for part in (sheet.oddHeader.left, sheet.oddFooter.left, sheet.oddFooter.right):
            part.size, part.font, part.color = 9, theme.TEXT_FONT, theme.INK_SOFT

    @staticmethod
    def print_on_one_page(sheet):
        sheet.page_setup.fitToHeight = 1

    def _print_two_wide(self, sheet, break_after, columns):
        """Print a wide table on two sheets side by side, with the first column on both."""
        sheet.sheet_properties.pageSetUpPr.fitToPage = False
        sheet.print_title_cols = "A:A"
        sheet.col_breaks = ColBreak()
        sheet.col_breaks.append(Break(id=break_after))
        characters = sum(column.width for column in columns[:break_after])
        page_inches = 11.69 - 2 * MARGIN_INCHES
        sheet.page_setup.scale = int(100 * page_inches / (characters * 0.0765 + 0.1))

    def save(self, path):
        self._name_months()
        fixed_rows = [_fit_rows(sheet) for sheet in self.workbook.worksheets]
        self.workbook.active = 0
        # Some readers, above all on phones, show stored results only; Excel and LibreOffice still calculate afresh.
        self.workbook.calculation.fullCalcOnLoad = True
        self.workbook.save(str(path))
        finish_workbook(path, fixed_rows, self.edition.locale)

    def _name_months(self):
        months = theme.MONTHS_IN.get(self.edition.language, "")
        for sheet in self.workbook.worksheets:
            for cells in sheet.iter_rows():
                for cell in cells:
                    if "mmm" in cell.number_format:
                        cell.number_format = months + cell.number_format


def write(
    sheet,
    address,
    value,
    font=theme.TEXT_FONT,
    size=TEXT_SIZE,
    bold=False,
    colour=theme.INK,
    **look,
):
    """Put a value into a cell. ``look`` may hold ``fill``, ``wrap``, ``framed`` and ``kind``."""
    cell = sheet[address]
    cell.value = value
    cell.font = Font(font, size, bold=bold, color=colour)
    cell.alignment = Alignment(wrap_text=look.get("wrap", False), vertical="top")
    cell.number_format = FORMATS[look.get("kind", "text")]
    if look.get("fill"):
        cell.fill = PatternFill("solid", fgColor=look["fill"])
    if look.get("framed"):
        thin = Side("thin", color=theme.RULE)
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    return cell


def _fit_rows(sheet):
    """Give every row the height its longest cell needs. Returns the rows whose height was set before, and stays."""
    fixed = {row for row, dimension in sheet.row_dimensions.items() if dimension.height is not None}
    for cells in sheet.iter_rows():
        row = cells[0].row
        if row not in fixed:
            sheet.row_dimensions[row].height = max(_height(sheet, cell) for cell in cells)
    return fixed


def _height(sheet, cell):
    is_formula = cell.data_type == "f"
    text = "" if cell.value is None or is_formula else str(cell.value)
    if not cell.alignment.wrap_text:
        return cell.font.sz * LINE + 4
    # Column widths count figures; letters are narrower, and small letters more so.
    width = int(sheet.column_dimensions[cell.column_letter].width * LETTERS_IN_A_FIGURE)
    first, *hints = text.split("\n")
    height = (
        _lines(first, width) * cell.font.sz
        + sum(_lines(hint, int(width * 1.15)) for hint in hints) * HINT_SIZE
    )
    return max(MINIMUM_ROW, height * LINE + 4)


def _lines(text, width):
    return max(1, len(textwrap.wrap(text, width)))


def text_literal(text):
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def _set_properties(workbook, edition, template):
    properties = workbook.properties
    properties.title = edition.t(template.title)
    properties.subject = edition.kicker(template)
    properties.creator = properties.lastModifiedBy = edition.author()
    properties.language = edition.language
    properties.version = template.version
    properties.description = edition.licence()
    properties.created = properties.modified = theme.RELEASED

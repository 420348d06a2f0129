"""Finishes a workbook: stores the results of its formulas, and lets its rows grow.

openpyxl writes formulas without results. Excel and LibreOffice calculate them on opening, but previews on phones and
in mail show stored results only. LibreOffice calculates; the results are copied into the file that openpyxl wrote.
"""

import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from toolkit.demo.files_builder.packaging import convert

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def finish_workbook(path, fixed_rows, locale):
    """``fixed_rows`` has a set of row numbers for each sheet, whose heights must not follow their text."""
    with tempfile.TemporaryDirectory(prefix="files-results-") as work:
        calculated = Path(work, "calculated.xlsx")
        convert(path, calculated, locale)
        results = load_workbook(calculated, data_only=True).worksheets
    with zipfile.ZipFile(path) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts:
            if info.filename.startswith("xl/worksheets/sheet"):
                number = int("".join(filter(str.isdigit, info.filename)))
                data = _finish_sheet(data, results[number - 1], fixed_rows[number - 1])
            package.writestr(info, data)


def _finish_sheet(data, sheet, fixed_rows):
    root = etree.fromstring(data)
    for row in root.iter(SPREADSHEET + "row"):
        # A row marked as custom would stay as it is when people write more into it.
        if int(row.get("r")) not in fixed_rows:
            row.attrib.pop("customHeight", None)
    for cell in root.iter(SPREADSHEET + "c"):
        formula = cell.find(SPREADSHEET + "f")
        # What depends on the day of the build would be wrong on every other day.
        if formula is None or "TODAY()" in formula.text:
            continue
        value = cell.find(SPREADSHEET + "v")
        if value is None:
            value = etree.SubElement(cell, SPREADSHEET + "v")
        result = sheet[cell.get("r")].value
        if isinstance(result, bool | int | float):
            cell.attrib.pop("t", None)
            value.text = repr(float(result) if isinstance(result, float) else int(result))
        elif isinstance(result, date | datetime):
            cell.attrib.pop("t", None)
            value.text = repr(to_excel(result))
        else:
            cell.set("t", "str")
            value.text = result or ""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

"""Carries frozen headers and hidden grid lines into OpenDocument spreadsheets.

LibreOffice leaves them out when it converts without a window, because it keeps them with the window.
"""

import zipfile
from xml.sax.saxutils import quoteattr

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

FROZEN = 2
VIEWS = (
    '<config:config-item-set config:name="ooo:view-settings">'
    '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
    '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
    '<config:config-item-map-named config:name="Tables">{tables}</config:config-item-map-named>'
    "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
)


def copy_views(workbook_path, spreadsheet_path):
    """Write the views of an .xlsx workbook into the settings of the .ods made from it."""
    workbook = load_workbook(workbook_path)
    views = VIEWS.format(tables="".join(_table_view(sheet) for sheet in workbook.worksheets))
    with zipfile.ZipFile(spreadsheet_path) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(spreadsheet_path, "w") as package:
        for info, data in parts:
            if info.filename == "settings.xml":
                start = b"<office:settings>"
                data = data.replace(start, start + views.encode(), 1)
            package.writestr(info, data)


def _table_view(sheet):
    columns, rows = 0, 0
    if sheet.freeze_panes:
        letter, row = coordinate_from_string(sheet.freeze_panes)
        columns, rows = column_index_from_string(letter) - 1, row - 1
    items = [
        ("HorizontalSplitMode", "short", FROZEN if columns else 0),
        ("VerticalSplitMode", "short", FROZEN if rows else 0),
        ("HorizontalSplitPosition", "int", columns),
        ("VerticalSplitPosition", "int", rows),
        ("ActiveSplitRange", "short", 3 if columns else 2),
        ("PositionRight", "int", columns),
        ("PositionBottom", "int", rows),
        ("ShowGrid", "boolean", "false"),
    ]
    settings = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, kind, value in items
    )
    entry = f"<config:config-item-map-entry config:name={quoteattr(sheet.title)}>"
    return entry + settings + "</config:config-item-map-entry>"

"""XLSX: real dates, no formulas, nothing cut off. Rows go to disk as they come; memory stays flat.

A text longer than a cell may be (32,767 characters) goes on in the sheet 续文, piece by piece; the cell says so at its
end. What no longer fits into a sheet (1,048,576 rows) goes on in the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.export.columns import Column, Kind, Value, join_list
from flows.export.plan import Plan
from models.listing import Listed
from models.search.days import CHINA

__all__ = ["pieces_of", "write"]

SHEET_ROWS = 1_048_576
CELL = 32_767  # characters as Excel counts them: of UTF-16
GOES_ON = "…（下接工作表“续文”）"
# Not characters at all: Excel calls a file with them damaged. Control characters it takes, written as their codes.
NO_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def write(plan: Plan, file: Path) -> int:
    with xlsxwriter.Workbook(str(file), OPTIONS) as book:
        # The date of the file's own making would make each export of the same rows another file.
        book.set_properties({"title": plan.title, "created": plan.now.replace(tzinfo=None)})
        writer = _Writer(book, plan.columns)
        for article in plan.articles():
            writer.add(article)
    return writer.rows


class _Writer:
    """Fills the sheets; keeps where it is."""

    def __init__(self, book: Any, columns: tuple[Column, ...]) -> None:
        self._book = book
        self._columns = columns
        self._bold = book.add_format({"bold": True})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.rows = 0
        self._sheets = self._rest_sheets = self._rest_row = 0
        self._rest: Any = None
        self._open_sheet()

    def _open_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(sheet_name("文章", self._sheets))
        self._sheet.freeze_panes(1, 0)
        for number, column in enumerate(self._columns):
            self._sheet.set_column(number, number, column.width)
        for number, column in enumerate(self._columns):
            self._sheet.write_string(0, number, column.label, self._bold)
        self._row = 1

    def add(self, article: Listed) -> None:
        if self._row == SHEET_ROWS:
            self._open_sheet()
        for number, column in enumerate(self._columns):
            self._write(number, column, column.read(article), article.key)
        self._row += 1
        self.rows += 1

    def _write(self, number: int, column: Column, value: Value, key: str) -> None:
        value = join_list(value)
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            # Excel knows no zones: Beijing time, which is what people here read.
            self._sheet.write_datetime(self._row, number, value.astimezone(CHINA).replace(tzinfo=None), self._moment)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, number, value, self._day)
        elif column.kind in (Kind.INTEGER, Kind.REAL):
            self._sheet.write_number(self._row, number, value)
        else:
            first, *others = pieces_of(str(value).translate(NO_XML))
            self._sheet.write_string(self._row, number, first)
            for part, text in enumerate(others, start=2):
                self._add_rest(key, column.label, part, text)

    def _add_rest(self, key: str, column: str, part: int, text: str) -> None:
        if self._rest is None or self._rest_row == SHEET_ROWS:
            self._rest_sheets += 1
            self._rest = self._book.add_worksheet(sheet_name("续文", self._rest_sheets))
            for number, label in enumerate(("编号", "列", "段", "内容")):
                self._rest.write_string(0, number, label, self._bold)
            self._rest_row = 1
        self._rest.write_string(self._rest_row, 0, key)
        self._rest.write_string(self._rest_row, 1, column)
        self._rest.write_number(self._rest_row, 2, part)
        self._rest.write_string(self._rest_row, 3, text)
        self._rest_row += 1


def sheet_name(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"


def pieces_of(text: str) -> Iterator[str]:
    """``text`` in pieces that fit into a cell; all but the last end with a note that it goes on."""
    if units(text) <= CELL:
        yield text
        return
    room = CELL - units(GOES_ON)
    start = taken = 0
    for place, letter in enumerate(text):
        taken += units(letter)
        if taken > room:
            yield text[start:place] + GOES_ON
            start, taken = place, units(letter)
    yield text[start:]


def units(text: str) -> int:
    """Length as Excel counts it: letters beyond U+FFFF are two."""
    return len(text) + sum(1 for letter in text if letter > "\uffff")

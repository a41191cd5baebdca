"""Write what is generated from the register: the schema beside the source files, the tables in both READMEs.

python scripts/write_register.py
"""

from __future__ import annotations

import re
from pathlib import Path

from connectors.register import DEFAULT_FOLDER, export_schema, load_register, source_table

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
BEGIN, END = "<!-- sources: written by scripts/write_register.py -->", "<!-- /sources -->"


def with_table(text: str, table: str) -> str:
    """The text with the table between its two marks. Raises ValueError if the marks are missing."""
    marks = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not marks.search(text):
        raise ValueError(f"expected {BEGIN} and {END}")
    return marks.sub(lambda _: f"{BEGIN}\n\n{table}\n{END}", text)


def main() -> None:
    (DEFAULT_FOLDER / "schema.json").write_text(export_schema(), "utf8")
    table = source_table(load_register())
    for name in READMES:
        file = ROOT / name
        file.write_text(with_table(file.read_text("utf8"), table), "utf8")


if __name__ == "__main__":
    main()

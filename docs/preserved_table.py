"""Writes the table of what goes along into each format to the guide: python docs/preserved_table.py"""

from __future__ import annotations

import re
from pathlib import Path

from cropcore.export.preserved import table

GUIDE = Path(__file__).parent / "guide.md"
BEGIN, END = "<!-- preserved: begin -->", "<!-- preserved: end -->"


def main() -> None:
    """Replace what stands between the two comments."""
    text = GUIDE.read_text(encoding="utf-8")
    block = f"{BEGIN}\n{table()}\n{END}"
    changed, count = re.subn(f"{BEGIN}.*?{END}", lambda _: block, text, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{GUIDE} needs the comments {BEGIN} and {END}, once.")
    GUIDE.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    main()

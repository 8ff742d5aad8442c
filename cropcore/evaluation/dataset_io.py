"""Reads the files of datasets; errors name the file.

Every function raises AnnotationError for a file or folder that cannot be read or holds something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cropcore.errors import AnnotationError

PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def photos_in(folder: Path) -> list[Path]:
    """The photos of a folder by their endings, in the order of their names."""
    try:
        return sorted(p for p in folder.iterdir() if p.suffix.lower() in PHOTO_SUFFIXES)
    except OSError as error:
        raise unreadable(folder, error) from error


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a text file that are not blank, from 1 on."""
    lines = _text(path).splitlines()
    return ((i, line) for i, line in enumerate(lines, 1) if line.strip())


def numbers_in(path: Path, index: int, line: str, count: int) -> list[float]:
    """The ``count`` numbers that line ``index`` of a file must consist of."""
    try:
        numbers = [float(word) for word in line.split()]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise AnnotationError(
            path,
            "line {index} must hold {count} numbers, not {text!r}.",
            index=index,
            count=count,
            text=line.strip(),
        )
    return numbers


def json_of(path: Path, wrapped: bool = False) -> Any:
    """What a JSON file holds; it may be ``wrapped`` once more as a JSON string."""
    text = _text(path)
    try:
        content = json.loads(text)
        return json.loads(content) if wrapped and isinstance(content, str) else content
    except (ValueError, RecursionError) as error:
        raise AnnotationError(path, "is no JSON file ({reason}).", reason=str(error)) from error


def json_list(path: Path) -> list[Any]:
    """The list that a JSON file holds."""
    content = json_of(path)
    if not isinstance(content, list):
        raise AnnotationError(path, "must hold a list of photos.")
    return content


def json_object(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds."""
    content = json_of(path)
    if not isinstance(content, dict):
        raise AnnotationError(path, "must hold one object: file name to labels.")
    return content


def unreadable(path: Path, error: OSError) -> AnnotationError:
    """The error for what the system would not read."""
    reason = error.strerror or "cannot be read"
    return AnnotationError(
        path, "cannot be read ({reason}).", "Check the data folder.", reason=reason
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise AnnotationError(path, "is no text file.") from error

"""Reads and sets single values of an INI file such as RawTherapee's; all other bytes stay."""

from __future__ import annotations

import re
from collections.abc import Mapping

_GROUP = re.compile(rb"^\s*\[([^\]\r\n]+)\]\s*$")
_ENTRY = re.compile(rb"^\s*([^=\r\n#;\[][^=\r\n]*?)[ \t]*=[ \t]*([^\r\n]*?)\s*$")


class IniLines:
    """The groups of a file, ``[Group]`` over lines ``key=value``.

    Raises:
        ValueError: it is no such file.
    """

    def __init__(self, data: bytes) -> None:
        text = data.removeprefix(b"\xef\xbb\xbf")
        self._mark = data[: len(data) - len(text)]
        text.decode()  # what is no text is no INI file
        if b"\0" in text:
            raise ValueError("no text")
        self._lines = text.splitlines(keepends=True)
        first = next((line for line in self._lines if line.strip()), b"")
        if first and not (_GROUP.match(first) or first.lstrip().startswith((b"#", b";"))):
            raise ValueError("no groups")
        self._end = b"\r\n" if self._lines and self._lines[0].endswith(b"\r\n") else b"\n"

    @property
    def data(self) -> bytes:
        """The file's bytes as they are now."""
        return self._mark + b"".join(self._lines)

    def get(self, group: str, key: str) -> str | None:
        """A value, None where it is not there; of several the last one counts."""
        found = None
        for at in self._places(group):
            entry = _ENTRY.match(self._lines[at])
            if entry and entry[1].decode() == key:
                found = entry[2].decode()
        return found

    def set(self, group: str, values: Mapping[str, str]) -> None:
        """Set values of a group; what is missing comes at its end, a missing group at the file's."""
        places = self._places(group)
        left = dict(values)
        for at in places:
            entry = _ENTRY.match(self._lines[at])
            key = entry[1].decode() if entry else ""
            if entry and key in values:
                line, value = self._lines[at], values[key].encode()
                if entry[2] != value:
                    self._lines[at] = line[: entry.start(2)] + value + line[entry.end(2) :]
                left.pop(key, None)
        new = [f"{key}={value}".encode() + self._end for key, value in left.items()]
        if not new:
            return
        if self._lines and not self._lines[-1].endswith((b"\n", b"\r")):
            self._lines[-1] += self._end
        start = self._start(group)
        if start is None:
            head = [self._end] if self._lines and self._lines[-1].strip() else []
            self._lines += [*head, f"[{group}]".encode() + self._end, *new]
            return
        filled = [at for at in places if self._lines[at].strip()]
        at = (filled[-1] if filled else start) + 1
        self._lines[at:at] = new

    def _start(self, group: str) -> int | None:
        for at, line in enumerate(self._lines):
            match = _GROUP.match(line)
            if match and match[1].decode() == group:
                return at
        return None

    def _places(self, group: str) -> list[int]:
        """Numbers of the lines of a group."""
        inside, places = False, []
        for at, line in enumerate(self._lines):
            match = _GROUP.match(line)
            if match:
                inside = match[1].decode() == group
            elif inside:
                places.append(at)
        return places

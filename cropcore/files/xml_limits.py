"""Counts what an XML packet consists of, before memory is spent on it."""

from __future__ import annotations

from xml.parsers import expat

from cropcore.errors import MetadataLimitError
from cropcore.files import limits


def check_xml(text: bytes, encoding: str | None = None) -> None:
    """Read a packet without keeping anything; ``encoding`` overrides what it says of itself.

    Raises:
        MetadataLimitError: it is too large, has too many elements, or they lie too deep.
        ExpatError: it is not well formed.
    """
    _Counting().check(text, encoding)


class _Counting:
    def __init__(self) -> None:
        self._nodes = self._depth = 0

    def check(self, text: bytes, encoding: str | None) -> None:
        if len(text) > limits.XMP_BYTES:
            raise MetadataLimitError("large XMP packet")
        parser = expat.ParserCreate(encoding)
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CommentHandler = self._more
        parser.ProcessingInstructionHandler = self._more
        parser.StartCdataSectionHandler = self._more
        parser.StartDoctypeDeclHandler = self._declared
        parser.Parse(text, True)

    def _begin(self, _: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._nodes += len(attributes)
        self._more()
        if self._depth > limits.XMP_DEPTH:
            raise MetadataLimitError("deep XMP packet")

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _more(self, *_: str) -> None:
        self._nodes += 1
        if self._nodes > limits.XMP_NODES:
            raise MetadataLimitError("XMP packet of many elements")

    def _declared(self, *_: object) -> None:
        # XMP has no document type; entities that one declares could stand for any amount of text.
        raise MetadataLimitError("XMP packet that declares entities")

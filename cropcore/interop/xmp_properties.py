"""Reads and sets single properties of an XMP packet; every other byte stays as it is.

A property is an attribute of a top-level ``rdf:Description`` or an element in it; programs write
either, in one description or in one for each namespace. Values are replaced where they stand, and
what is missing is added in the style of its neighbours: prefixes, order, line ends, byte order mark
and padding are somebody else's.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat
from xml.sax.saxutils import escape

from cropcore.errors import CropsightError, MetadataLimitError
from cropcore.files.xml_limits import check_xml

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

Name = tuple[str, str]
"""Namespace and local name of a property."""

_START_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_TAG_NAME = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"(\s+)([^\s=/>]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_DECLARED = re.compile(rb"""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_SPACE_BEFORE = re.compile(rb"[ \t]*(?:\r\n|\r|\n)?[ \t]*$")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PADDING = b"\0 \r\n\t"


class XmpError(CropsightError, ValueError):
    """A packet that is not understood, and so left alone; the text says why."""


@dataclass(slots=True)
class _Property:
    """A simple property: where it stands whole, and where its value does."""

    name: Name
    value: str
    form: Literal["attribute", "element"]
    whole: tuple[int, int]
    inner: tuple[int, int]
    quote: bytes = b""
    tag: bytes = b""
    """The name in the start tag of an element without content (``<a:b/>``), else empty."""


@dataclass(slots=True)
class _Description:
    """A top-level ``rdf:Description``: its start tag, the namespaces that hold there, and what is in it."""

    start: int
    tag_end: int
    empty: bool
    prefixes: Mapping[str, str]
    declared: frozenset[str]
    properties: list[_Property] = field(default_factory=list)
    elements: list[tuple[Name, int, int]] = field(default_factory=list)


class XmpPacket:
    """The properties of a packet.

    Raises:
        XmpError: it is no XMP that can be changed safely.
    """

    def __init__(self, data: bytes) -> None:
        self._mark, self._codec = b"", "utf-8"
        for mark, codec in _BYTE_ORDER_MARKS:
            if data.startswith(mark):
                self._mark, self._codec = mark, codec
                break
        declared = _DECLARED.match(data[len(self._mark) : 400])
        if not self._mark and declared:
            name = declared[1].decode("ascii", "replace").lower()
            if name not in ("utf-8", "utf8", "us-ascii", "ascii"):
                raise XmpError("is written in {name}, which is not read.", name=name)
        try:
            text = data[len(self._mark) :].decode(self._codec).encode()
            self._text = text.strip(_PADDING)
            self._before, self._after = text.split(self._text, 1) if self._text else (text, b"")
            check_xml(self._text, "utf-8")
            self._read()
        except MetadataLimitError as e:
            raise XmpError("is too much to be read ({reason}).", reason=str(e)) from e
        except (expat.ExpatError, UnicodeError, ValueError) as e:
            raise XmpError("is not well formed.") from e
        if self._rdf is None:
            raise XmpError("holds no XMP.")

    @property
    def data(self) -> bytes:
        """The packet's bytes as they are now."""
        text = self._before + self._text + self._after
        return self._mark + text.decode().encode(self._codec)

    def get(self, name: Name) -> str | None:
        """A property's value, None where it is not told or not simple."""
        return next((p.value.strip() for p in self._all() if p.name == name), None)

    def names(self, namespace: str) -> set[str]:
        """Local names of what stands in a namespace, simple or not."""
        found = {p.name[1] for p in self._all() if p.name[0] == namespace}
        for description in self._descriptions:
            found |= {name[1] for name, _, _ in description.elements if name[0] == namespace}
        return found

    def set(self, values: Mapping[Name, str], prefixes: Mapping[str, str]) -> None:
        """Set properties; ``prefixes`` are those to declare for namespaces that have none yet.

        Raises:
            XmpError: the packet has no place for them.
        """
        edits: list[tuple[int, int, bytes]] = []
        missing: dict[Name, str] = {}
        for name, value in values.items():
            found = [p for p in self._all() if p.name == name]
            edits += [_replaced(p, value) for p in found if p.value.strip() != value]
            if not found:
                missing[name] = value
        self._apply(edits)
        for name, value in missing.items():
            self._add(name, value, prefixes)

    def remove(self, namespace: str, keep: frozenset[str] = frozenset()) -> None:
        """Take out all that stands in a namespace, but for the local names to ``keep``."""
        edits = []
        for description in self._descriptions:
            for one in description.properties:
                if one.form == "attribute" and one.name[0] == namespace and one.name[1] not in keep:
                    edits.append((*one.whole, b""))
            for name, start, end in description.elements:
                if name[0] == namespace and name[1] not in keep:
                    space = _SPACE_BEFORE.search(self._text[:start])
                    edits.append((start if space is None else space.start(), end, b""))
        self._apply(edits)

    def _all(self) -> Iterator[_Property]:
        for description in self._descriptions:
            yield from description.properties

    def _add(self, name: Name, value: str, prefixes: Mapping[str, str]) -> None:
        description = self._home(name[0])
        prefix = next((p for p, uri in description.prefixes.items() if p and uri == name[0]), None)
        if prefix is None:
            prefix = prefixes[name[0]]
            while prefix in description.prefixes:
                prefix += "_"
            at, space = self._after_attributes(description)
            self._apply([(at, at, space + f'xmlns:{prefix}="{name[0]}"'.encode())])
            self._add(name, value, prefixes)
            return
        siblings = [p for p in description.properties if p.name[0] == name[0]]
        models = siblings or description.properties
        if description.empty or any(p.form == "attribute" for p in models):
            last = next((p for p in reversed(siblings) if p.form == "attribute"), None)
            if last is None:
                at, space = self._after_attributes(description)
                quote = b'"'
            else:
                at, quote = last.whole[1], last.quote
                space = self._text[last.whole[0] : last.inner[0]]
                space = space[: len(space) - len(space.lstrip())]
            whole = space + f"{prefix}:{name[1]}=".encode() + quote + _quoted(value, quote) + quote
        else:
            at, space = self._after_elements(description, name[0])
            tag = f"{prefix}:{name[1]}"
            whole = space + f"<{tag}>{escape(value)}</{tag}>".encode()
        self._apply([(at, at, whole)])

    def _home(self, namespace: str) -> _Description:
        """The description that a new property of a namespace belongs to; made where there is none."""
        if not self._descriptions:
            self._make_description()
        for test in (
            lambda d: any(p.name[0] == namespace for p in d.properties),
            lambda d: any(name[0] == namespace for name, _, _ in d.elements),
            lambda d: namespace in d.declared,
        ):
            for description in self._descriptions:
                if test(description):
                    return description
        return self._descriptions[0]

    def _make_description(self) -> None:
        assert self._rdf is not None
        start, tag_end, end = self._rdf
        name = _TAG_NAME.match(self._text, start)
        assert name is not None
        prefix = name[0][1:].rpartition(b"RDF")[0]
        new = b" <" + prefix + b"Description " + prefix + b'about=""/>\n'
        if end < 0:  # <rdf:RDF .../>
            slash = self._text.rindex(b"/", start, tag_end)
            new = b">\n" + new + b"</" + name[0][1:] + b">"
            self._apply([(slash, tag_end, new)])
        else:
            self._apply([(end, end, new)])

    def _after_attributes(self, description: _Description) -> tuple[int, bytes]:
        """Behind the last attribute of a start tag, and the space that stands before it."""
        tag = self._text[description.start : description.tag_end]
        attributes = list(_ATTRIBUTE.finditer(tag))
        if not attributes:
            name = _TAG_NAME.match(tag)
            assert name is not None
            return description.start + name.end(), b" "
        return description.start + attributes[-1].end(), attributes[-1][1]

    def _after_elements(self, description: _Description, namespace: str) -> tuple[int, bytes]:
        """Behind the last element of a namespace, or of all, and the space that stands before it."""
        ours = [e for e in description.elements if e[0][0] == namespace] or description.elements
        if not ours:
            return description.tag_end, b""
        _, start, end = ours[-1]
        space = _SPACE_BEFORE.search(self._text[:start])
        return end, b"" if space is None else space[0]

    def _apply(self, edits: list[tuple[int, int, bytes]]) -> None:
        if not edits:
            return
        text = self._text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        self._text = text
        self._read()

    def _read(self) -> None:
        reader = _Reader(self._text)
        self._descriptions, self._rdf = reader.descriptions, reader.rdf


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet."""

    start: int
    tag_end: int
    name: Name
    prefixes: Mapping[str, str]
    description: _Description | None = None
    text: list[str] = field(default_factory=list)
    has_elements: bool = False


class _Reader:
    """Finds the top-level descriptions of a packet and where their properties stand."""

    def __init__(self, text: bytes) -> None:
        self.descriptions: list[_Description] = []
        self.rdf: tuple[int, int, int] | None = None
        """Start and end of the start tag of ``rdf:RDF``, and where its end tag begins, -1 without one."""
        self._text = text
        self._stack: list[_Open] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.Parse(text, True)

    def _begin(self, tag: str, attributes: list[str]) -> None:
        start = self._parser.CurrentByteIndex
        match = _START_TAG.match(self._text, start)
        if match is None:
            raise ValueError("a start tag that is not understood")
        outer = self._stack[-1] if self._stack else None
        prefixes = dict(outer.prefixes) if outer else {}
        declared = set()
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            if key == "xmlns" or key.startswith("xmlns:"):
                prefixes[key.removeprefix("xmlns").removeprefix(":")] = value
                declared.add(value)
        one = _Open(start, match.end(), _expanded(tag, prefixes), prefixes)
        if outer is not None:
            outer.has_elements = True
        if one.name == (RDF, "RDF") and self.rdf is None:
            self.rdf = (start, match.end(), -1)
        elif one.name == (RDF, "Description") and outer and outer.name == (RDF, "RDF"):
            if len(self._stack) > 1 and any(o.name == (RDF, "RDF") for o in self._stack[:-1]):
                raise ValueError("descriptions in one another")
            empty = match[0].endswith(b"/>")
            one.description = _Description(start, match.end(), empty, prefixes, frozenset(declared))
            self._attributes(one.description, match[0], attributes)
            self.descriptions.append(one.description)
        self._stack.append(one)

    def _attributes(self, description: _Description, tag: bytes, attributes: list[str]) -> None:
        values = dict(zip(attributes[::2], attributes[1::2], strict=True))
        for match in _ATTRIBUTE.finditer(tag):
            key = match[2].decode()
            if key == "xmlns" or ":" not in key or key.startswith(("xmlns:", "xml:")):
                continue
            name = _expanded(key, description.prefixes)
            if name[0] == RDF:
                continue
            at = description.start
            inner = at + match.start(4) + 1, at + match.end(4) - 1
            description.properties.append(
                _Property(
                    name,
                    values[key],
                    "attribute",
                    (at + match.start(), at + match.end()),
                    inner,
                    match[4][:1],
                )
            )

    def _characters(self, text: str) -> None:
        self._stack[-1].text.append(text)

    def _end(self, _: str) -> None:
        one = self._stack.pop()
        empty = self._text[: one.tag_end].endswith(b"/>")
        end_tag = one.tag_end if empty else self._parser.CurrentByteIndex
        end = one.tag_end if empty else self._text.index(b">", end_tag) + 1
        if self.rdf is not None and one.start == self.rdf[0] and not empty:
            self.rdf = (*self.rdf[:2], end_tag)
        description = self._stack[-1].description if self._stack else None
        if description is None:
            return
        description.elements.append((one.name, one.start, end))
        if not one.has_elements:
            tag = self._text[one.start : one.tag_end]
            match = _TAG_NAME.match(tag)
            assert match is not None
            description.properties.append(
                _Property(
                    one.name,
                    "".join(one.text),
                    "element",
                    (one.start, end),
                    (one.tag_end, end_tag),
                    tag=match[0][1:] if empty else b"",
                )
            )


def _expanded(name: str, prefixes: Mapping[str, str]) -> Name:
    prefix, colon, local = name.rpartition(":")
    return prefixes.get(prefix if colon else "", ""), local


def _replaced(one: _Property, value: str) -> tuple[int, int, bytes]:
    """The edit that gives a property another value."""
    if one.form == "attribute":
        return (*one.inner, _quoted(value, one.quote))
    if one.tag:
        whole = b"<" + one.tag + b">" + escape(value).encode() + b"</" + one.tag + b">"
        return (*one.whole, whole)
    return (*one.inner, escape(value).encode())


def _quoted(value: str, quote: bytes) -> bytes:
    return escape(value, {quote.decode(): "&quot;" if quote == b'"' else "&apos;"}).encode()

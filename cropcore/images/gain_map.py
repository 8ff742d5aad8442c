"""Reads the gain map of a JPEG, by which screens of a high range show it in HDR, and cuts it like the photo.

It is a second, often smaller JPEG behind the first: Ultra HDR of Android, ISO 21496-1, and Apple's. Each of its
pixels says by how much those of the photo at its place are brightened.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import numpy as np
from PIL import Image

from cropcore.errors import MetadataLimitError
from cropcore.files import limits
from cropcore.files.xml_limits import check_xml
from cropcore.images.decode_budget import budget
from cropcore.images.jpeg_pictures import (
    APP1,
    APP2,
    ISO_GAIN_MAP,
    XMP_HEAD,
    Segment,
    gain_map_span,
    segments,
)
from cropcore.images.photo import TRANSPOSE, Photo
from cropcore.images.photo_file import read_bytes
from cropcore.images.render import FloatBox, Plan
from cropcore.images.rotate import rotate_pixels

HDRGM = "http://ns.adobe.com/hdr-gain-map/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_OWN_SPACES = (
    HDRGM,
    "http://ns.apple.com/HDRGainMap/1.0/",
    "http://ns.apple.com/pixeldatainfo/1.0/",
)
"""What of a map's XMP goes along: how it is meant."""
_QUALITY = 95
_RATIO_SLACK = 0.005
"""Decoders take a map of a ratio other than the photo's by one per cent for one of another photo."""


@dataclass(frozen=True, slots=True)
class GainMap:
    """A gain map, as it is stored or cut: its pixels, in mode L or RGB, and how they are meant.

    ``properties`` are an ``rdf:Description`` of XMP, ``iso`` is the map's segment of ISO 21496-1 and
    ``photo_iso`` that of the photo, ``icc`` its profile; each is empty where there is none.
    """

    image: Image.Image
    properties: bytes = b""
    iso: bytes = b""
    photo_iso: bytes = b""
    icc: bytes = b""

    @property
    def is_ultra_hdr(self) -> bool:
        """Whether it is described by XMP as Android reads it."""
        return HDRGM.encode() in self.properties

    def cut(self, photo: Photo, plan: Plan) -> GainMap:
        """The map of a crop of a photo; the photo shows it upright."""
        turn = photo.exif.then(photo.turn).exif
        image = self.image.transpose(TRANSPOSE[turn]) if turn != 1 else self.image
        size = photo.width, photo.height
        if not plan.angle % 360:
            return replace(self, image=_part(image, size, plan.shown, plan.size))
        return replace(self, image=_turned_part(image, size, plan))

    def cut_stored(self, size: tuple[int, int], box: tuple[int, int, int, int]) -> GainMap:
        """The map of a box of a photo of a size, both as they are stored."""
        most = box[2] - box[0], box[3] - box[1]
        return replace(self, image=_part(self.image, size, box, most))

    def encoded(self) -> bytes:
        """The JPEG of the map."""
        segment = [(APP1, XMP_HEAD + _packet(self.properties))] if self.properties else []
        if self.iso:
            segment.append((APP2, self.iso))
        buffer = io.BytesIO()
        # Pillow writes the segments behind its own, before the tables.
        extra = b"".join(as_segment(marker, data) for marker, data in segment)
        profile = {"icc_profile": self.icc} if self.icc else {}
        self.image.save(buffer, "JPEG", quality=_QUALITY, subsampling=0, extra=extra, **profile)
        return buffer.getvalue()


def as_segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data


def read_gain_map(photo: Photo) -> GainMap | None:
    """The gain map of a JPEG, as it is stored; None where there is none that can be read.

    Raises:
        PhotoError: the file cannot be read.
    """
    file = io.BytesIO(read_bytes(photo.path))
    span = gain_map_span(file)
    if span is None:
        return None
    image = _decoded(file.getvalue()[slice(*span)], photo)
    if image is None:
        return None
    own = list(segments(file, span[0]))
    return GainMap(
        image,
        _properties(own),
        _first(own, APP2, ISO_GAIN_MAP),
        _first(segments(file), APP2, ISO_GAIN_MAP),
        image.info.get("icc_profile") or b"",
    )


def _decoded(jpeg: bytes, photo: Photo) -> Image.Image | None:
    """The pixels of a map; None where it is damaged, or too large to be this photo's."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            pixels = image.width * image.height
            if pixels > photo.width * photo.height or image.mode not in ("L", "RGB"):
                return None
            if pixels > max(limits.BLOWN_UP_PIXELS, len(jpeg) * limits.PIXEL_BYTES_PER_BYTE):
                return None
            with budget.taken(pixels):
                image.load()
            return image.copy()
    except (OSError, ValueError, SyntaxError, MemoryError):  # what Pillow raises on damage
        return None


def _part(
    image: Image.Image, size: tuple[int, int], box: FloatBox, most: tuple[int, int]
) -> Image.Image:
    """What of a map belongs to a box of a picture of a size, of at most ``most`` pixels."""
    across, down = image.width / size[0], image.height / size[1]
    part = box[0] * across, box[1] * down, box[2] * across, box[3] * down
    wide, high = part[2] - part[0], part[3] - part[1]
    return image.resize(_fitting(wide, high, most), Image.Resampling.BICUBIC, box=part)


def _turned_part(image: Image.Image, size: tuple[int, int], plan: Plan) -> Image.Image:
    """What of a map belongs to a straightened crop: turned about the middle, as the photo is."""
    scale = image.width / size[0]
    even = image.width, max(1, round(size[1] * scale))
    if image.size != even:
        image = image.resize(even, Image.Resampling.BICUBIC)
    middle = plan.canvas[0] / 2, plan.canvas[1] / 2
    left, top, right, bottom = ((v - middle[i % 2]) * scale for i, v in enumerate(plan.shown))
    wanted = _fitting(right - left, bottom - top, plan.size)
    at_own_scale = max(1, round(right - left)), max(1, round(bottom - top))
    cut_size = max(wanted, at_own_scale)  # the turn does not reduce
    pixels = rotate_pixels(
        np.asarray(image), plan.angle, (left, top, right, bottom), cut_size, alpha=False
    )
    turned = Image.fromarray(pixels)
    return turned if cut_size == wanted else turned.resize(wanted, Image.Resampling.BICUBIC)


def _fitting(wide: float, high: float, most: tuple[int, int]) -> tuple[int, int]:
    """Whole pixels for a part of a map: as large as it is, or larger until its ratio is right."""
    ratio, times = wide / high, 1
    while True:
        size = max(1, round(wide * times)), max(1, round(high * times))
        if size[0] >= most[0] or size[1] >= most[1]:
            return most
        if abs(size[0] / size[1] / ratio - 1) <= _RATIO_SLACK:
            return size
        times += 1


def _first(found: Iterable[Segment], marker: int, head: bytes) -> bytes:
    return next((s.data for s in found if s.marker == marker and s.data.startswith(head)), b"")


def _properties(own: list[Segment]) -> bytes:
    """What a map's XMP says of how it is meant, as one ``rdf:Description``; nothing else goes along."""
    packet = _first(own, APP1, XMP_HEAD)[len(XMP_HEAD) :].strip(b"\0 \r\n\t")
    if not packet:
        return b""
    try:
        check_xml(packet)
        document = minidom.parseString(packet)
    except (MetadataLimitError, ExpatError, UnicodeError, LookupError, ValueError):
        return b""
    made = minidom.Document()
    out = made.createElementNS(_RDF, "rdf:Description")
    out.setAttributeNS(_XMLNS, "xmlns:rdf", _RDF)
    out.setAttributeNS(_RDF, "rdf:about", "")
    for description in document.getElementsByTagNameNS(_RDF, "Description"):
        for attribute in description.attributes.values():
            if attribute.namespaceURI in _OWN_SPACES:
                _declare(out, attribute)
                out.setAttributeNS(attribute.namespaceURI, attribute.name, attribute.value)
        for child in description.childNodes:
            if isinstance(child, minidom.Element) and child.namespaceURI in _OWN_SPACES:
                for element in (child, *child.getElementsByTagName("*")):
                    _declare(out, element)
                    for attribute in element.attributes.values():
                        _declare(out, attribute)
                out.appendChild(made.importNode(child, True))
    return out.toxml().encode() if out.hasChildNodes() or out.attributes.length > 2 else b""


def _declare(element: minidom.Element, node: minidom.Attr | minidom.Element) -> None:
    """Say what the prefix of a node means, which an element around it said in its own document."""
    if node.prefix and node.prefix != "xmlns" and node.namespaceURI:
        element.setAttributeNS(_XMLNS, f"xmlns:{node.prefix}", node.namespaceURI)


def _packet(properties: bytes) -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="' + _RDF.encode() + b'">'
        + properties
        + b"</rdf:RDF></x:xmpmeta>"
    )  # fmt: skip

"""Updates an XMP packet after a crop; left byte for byte where nothing must change."""

from __future__ import annotations

import re
from datetime import datetime
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from cropcore.errors import MetadataLimitError
from cropcore.files.xml_limits import check_xml

_IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
# Local names that tell a place, in whatever vocabulary: IPTC, Photoshop, Photo Mechanic, Darwin Core,
# digiKam, MWG. Parts of a name, and whole names.
_PLACE_WORDS = (
    *("gps", "latitude", "longitude", "geotag", "geolocation", "geohash", "locat", "country"),
    *("province", "localit", "municipality", "continent", "waterbody", "island", "county"),
    *("coordinates", "footprintwkt", "geodetic", "elevation", "postalcode", "address", "geograph"),
)
_PLACE_NAMES = {"city", "state", "region", "town", "village", "venue", "what3words"}
_CAMERA_RAW = "http://ns.adobe.com/camera-raw-settings/1.0/"
_CROP_SETTINGS = re.compile(
    "HasCrop|Crop(Top|Left|Bottom|Right|Angle|Width|Height|Units?|Constrain.*)"
)
_SIZES = {
    ("http://ns.adobe.com/tiff/1.0/", "ImageWidth"): 0,
    ("http://ns.adobe.com/tiff/1.0/", "ImageLength"): 1,
    ("http://ns.adobe.com/exif/1.0/", "PixelXDimension"): 0,
    ("http://ns.adobe.com/exif/1.0/", "PixelYDimension"): 1,
}
_ORIENTATION = ("http://ns.adobe.com/tiff/1.0/", "Orientation")
_SOFTWARE = ("http://ns.adobe.com/tiff/1.0/", "Software")
_CHANGED = {
    ("http://ns.adobe.com/xap/1.0/", "ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "MetadataDate"),
    ("http://ns.adobe.com/tiff/1.0/", "DateTime"),
}
# Pictures of the whole photo, faces and other regions at places in it, and pointers to parts of the file
# that an export does not carry. A part of a panorama is none.
_STALE = {
    ("http://ns.adobe.com/xap/1.0/", "Thumbnails"),
    ("http://ns.adobe.com/xmp/note/", "HasExtendedXMP"),
    ("http://www.metadataworkinggroup.com/schemas/regions/", "Regions"),
    ("http://ns.microsoft.com/photo/1.2/", "RegionInfo"),
    (_IPTC_EXT, "ImageRegion"),
}
_STALE_SPACES = {
    "http://ns.google.com/photos/1.0/camera/",
    "http://ns.google.com/photos/1.0/container/",
    "http://ns.google.com/photos/1.0/image/",
    "http://ns.google.com/photos/1.0/depthmap/",
    "http://ns.google.com/photos/1.0/panorama/",
    "http://ns.adobe.com/hdr-gain-map/1.0/",
    "http://ns.apple.com/HDRGainMap/1.0/",
    "http://darktable.sf.net/",
}
# Vocabularies of how a picture was made, with names such as ``crs:LocalCorrections``.
_NO_PLACES = {_CAMERA_RAW, "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}

_Node = minidom.Attr | minidom.Element


def revised_xmp(
    packet: bytes,
    width: int,
    height: int,
    location: bool,
    orientation: int = 1,
    software: str = "",
    made: datetime | None = None,
) -> bytes:
    """The packet of a cropped photo of ``width`` x ``height`` stored pixels.

    Orientation and sizes are set where they are given. Thumbnails and regions of the whole photo, and crops
    that another editor would apply once more, are removed; without ``location`` every place is, too.
    ``software`` and when the crop was ``made`` are set where the packet tells others.

    Raises:
        MetadataLimitError: it is too large, has too many elements, or they lie too deep.
        ValueError: the packet is not well formed.
    """
    text = packet.strip(b"\0 \r\n\t")
    try:
        check_xml(text)
        document = minidom.parseString(text)
    except MetadataLimitError:
        raise
    except (ExpatError, UnicodeError, LookupError, ValueError) as e:
        raise ValueError("damaged XMP packet") from e
    changed = False
    values = _values(width, height, orientation, software, made)
    gone: list[minidom.Element] = []
    for element in list(document.getElementsByTagName("*")):
        nodes: list[_Node] = [*_attributes(element), element]
        for node in nodes:
            key = (node.namespaceURI or "", node.localName or "")
            if _is_stale(key) or (not location and _is_place(key)):
                if isinstance(node, minidom.Element):
                    gone.append(node)
                elif node.ownerElement is not None:
                    node.ownerElement.removeAttributeNode(node)
                changed = True
                continue
            value = values.get(key)
            if value is not None and _text(node) != value:
                _set(node, value)
                changed = True
    if not changed:
        return packet
    _remove(gone)
    return "".join(node.toxml() for node in document.childNodes).encode()


def names_a_place(name: str) -> bool:
    """Whether a field of this name tells where a photo was taken."""
    name = name.lower()
    return name in _PLACE_NAMES or any(word in name for word in _PLACE_WORDS)


def _attributes(element: minidom.Element) -> list[minidom.Attr]:
    return [a for a in element.attributes.values() if a.prefix != "xmlns"]


def _is_stale(key: tuple[str, str]) -> bool:
    if key[0] == _CAMERA_RAW:
        return _CROP_SETTINGS.fullmatch(key[1]) is not None
    return key in _STALE or key[0] in _STALE_SPACES


def _is_place(key: tuple[str, str]) -> bool:
    return key[0] not in _NO_PLACES and names_a_place(key[1])


def _values(
    width: int, height: int, orientation: int, software: str, made: datetime | None
) -> dict[tuple[str, str], str]:
    """What is set, wherever it is told."""
    values = {key: str((width, height)[side]) for key, side in _SIZES.items()}
    values[_ORIENTATION] = str(orientation)
    if software:
        values[_SOFTWARE] = software
    if made is not None:
        values |= dict.fromkeys(_CHANGED, made.isoformat(timespec="seconds"))
    return values


def _remove(gone: list[minidom.Element]) -> None:
    """Take elements out of the document: a parent at a time, since each may have thousands of them."""
    marked = {id(element) for element in gone}
    for parent in {id(e.parentNode): e.parentNode for e in gone if e.parentNode}.values():
        parent.childNodes[:] = [c for c in parent.childNodes if id(c) not in marked]  # type: ignore[misc]


def _text(node: _Node) -> str:
    if isinstance(node, minidom.Attr):
        return node.value
    return "".join(child.data for child in node.childNodes if isinstance(child, minidom.Text))


def _set(node: _Node, value: str) -> None:
    if isinstance(node, minidom.Attr):
        node.value = value
        return
    while node.firstChild is not None:
        node.removeChild(node.firstChild)
    text = minidom.Text()
    text.data = value
    node.appendChild(text)

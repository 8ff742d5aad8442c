"""Puts a gain map behind a JPEG, so that screens of a high range show it in HDR.

The file is as Ultra HDR (Android) and ISO 21496-1 have it, and as cameras write it: the map is a second JPEG,
found by the index of CIPA DC-007 and, where its own XMP describes it, by a directory in the photo's XMP.
"""

from __future__ import annotations

import io
import re

from cropcore.images.gain_map import HDRGM, GainMap, as_segment
from cropcore.images.jpeg_pictures import APP1, APP2, XMP_HEAD, segments, with_pictures

_LARGEST = 65533
_END_OF_RDF = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?RDF\s*>")
_ABOUT = re.compile(rb"rdf:about\s*=\s*(\"[^\"]*\"|'[^']*')")
_EMPTY = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>'
)
_DIRECTORY = (
    '<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about={about}'
    ' xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
    f' xmlns:hdrgm="{HDRGM}" hdrgm:Version="1.0">'
    "<Container:Directory><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource">'
    '<Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
    '<rdf:li rdf:parseType="Resource">'
    '<Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="{length}"/>'
    "</rdf:li></rdf:Seq></Container:Directory></rdf:Description>"
)


def with_gain_map(jpeg: bytes, gain_map: GainMap) -> bytes | None:
    """A JPEG with its gain map, cut like it; None where its XMP has no room for the directory.

    Args:
        jpeg: without an index of pictures; its XMP says nothing of a gain map.
        gain_map: that of the JPEG's picture.
    """
    behind = gain_map.encoded()
    if gain_map.is_ultra_hdr:
        told = _with_directory(jpeg, len(behind))
        if told is None:
            return None
        jpeg = told
    if gain_map.photo_iso:
        place = _end_of_head(jpeg)
        jpeg = jpeg[:place] + as_segment(APP2, gain_map.photo_iso) + jpeg[place:]
    return with_pictures(jpeg, [behind])


def _with_directory(jpeg: bytes, length: int) -> bytes | None:
    found = list(segments(io.BytesIO(jpeg)))
    old = next((s for s in found if s.marker == APP1 and s.data.startswith(XMP_HEAD)), None)
    packet = old.data[len(XMP_HEAD) :] if old else _EMPTY
    ends = list(_END_OF_RDF.finditer(packet))
    if not ends:
        return None
    about = _ABOUT.search(packet)
    directory = _DIRECTORY.format(
        about=about[1].decode("latin-1") if about else '""', length=length
    )
    at = ends[-1].start()
    data = XMP_HEAD + packet[:at] + directory.encode("latin-1") + packet[at:]
    if len(data) > _LARGEST:
        return None
    start, stop = (old.place, old.stop) if old else (_end_of_head(jpeg),) * 2
    return jpeg[:start] + as_segment(APP1, data) + jpeg[stop:]


def _end_of_head(jpeg: bytes) -> int:
    """Behind the JPEG's application segments."""
    found = segments(io.BytesIO(jpeg))
    return max((s.stop for s in found if s.marker & 0xF0 == 0xE0), default=2)

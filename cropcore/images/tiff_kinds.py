"""Says in words of what kind a TIFF is that cannot be decoded."""

from __future__ import annotations

from pathlib import Path

from cropcore.messages import NOTHING, Message

_COMPRESSIONS = {
    6: "old JPEG",
    7: "JPEG",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG",
    34925: "LZMA",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_PLAIN = {1, 5, 8, 32773, 32946}
_FLOATING = 3
_USUAL_SAMPLES = {0: (1,), 1: (1,), 2: (3, 4), 5: (4,)}
"""Of grey, RGB and CMYK: channels as most programs write them."""


def why_unreadable(path: Path) -> Message:
    """Why a TIFF of a right build cannot be read, as the end of a sentence; nothing for a damaged one."""
    import tifffile

    try:
        with tifffile.TiffFile(path) as file:
            backwards = file.is_bigtiff and file.byteorder == ">"
            page = file.pages.first
            compression = int(page.compression)
            kind = int(page.photometric)
            bits, floating = int(page.bitspersample), int(page.sampleformat) == _FLOATING
            planar = int(page.planarconfig) == 2
            samples = int(page.samplesperpixel)
            whole = bool(page.imagewidth and page.imagelength and page.dataoffsets)
    except Exception:  # of a damaged file there is nothing to tell
        return NOTHING
    if not whole:
        return NOTHING
    if backwards:
        return Message("is a BigTIFF in big-endian byte order.")
    if floating:
        return Message("holds floating-point values, which have no fixed white.")
    if bits not in (1, 2, 4, 8, 16):
        return Message("holds values of {bits} bits.", bits=bits)
    if compression not in _PLAIN:
        name = _COMPRESSIONS.get(compression, f"method {compression}")
        return Message("is packed by {name} inside a TIFF.", name=name)
    if kind in (8, 9, 10):
        return Message("holds CIELAB colours of {bits} bits.", bits=bits)
    if samples not in _USUAL_SAMPLES.get(kind, (samples,)):
        return Message("holds {count} channels of {bits} bits.", count=samples, bits=bits)
    if planar and compression != 1:
        return Message("holds its channels apart, {bits} bits each and packed.", bits=bits)
    return Message("holds {bits}-bit values in an arrangement that cannot be read.", bits=bits)

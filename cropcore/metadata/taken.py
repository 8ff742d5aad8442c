"""When a photo was taken, without reading more of its file than the header."""

from __future__ import annotations

from pathlib import Path

from cropcore.images.photo_file import opened

_EXIF_IFD, _TAKEN = 0x8769, 0x9003


def time_taken(path: Path) -> str:
    """When a photo was taken, ``YYYY:MM:DD HH:MM:SS`` as EXIF writes it; empty where it is not told.

    Raises:
        PhotoError: the file cannot be read.
    """
    with opened(path) as image:
        if image.format == "PNG" and "exif" not in image.info:
            return ""  # getexif would decode the whole photo in search of it
        block = image.getexif()
        value = block.get_ifd(_EXIF_IFD).get(_TAKEN, "") if block else ""
    text = str(value).strip("\0 ")
    return text if text[:4].isdigit() and text[:4] != "0000" else ""

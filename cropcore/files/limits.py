"""Limits of what is read from a file: pixels, metadata, pages."""

from __future__ import annotations

MAX_PIXELS = 500_000_000
"""A photo with more pixels is refused."""

DECODE_PIXELS = 250_000_000
"""Most pixels of all photos that are decoded at the same time; a larger photo is decoded alone."""

HELD_PIXELS = 250_000_000
"""Photos that are held in full for their crops, and the crops beside them, have so many pixels together, or
there is only one of them. A pixel of 16 bits per channel counts twice."""

SMALL_DECODE = 4_000_000
"""A photo of at most so many pixels is decoded without waiting for others."""

PIXEL_BYTES_PER_BYTE = 20_000
"""Most decoded pixels for each byte of a JPEG, PNG or TIFF: a flat JPEG, at one bit for each block
of a colour, for 1536; deflate for 1032, and eight times as many where a pixel is a bit; LZW for 10,500."""

BLOWN_UP_PIXELS = 30_000_000
"""Smaller photos are decoded however few bytes they have, since that costs little."""

SMALL_READS = 50_000
"""A JPEG's or TIFF's header is read in at most so many pieces of a few bytes; the usual are hundreds."""

PAGES = 1000
"""The pages of a TIFF are counted up to this number."""

PICTURES = 32
"""The pictures behind that of a JPEG are looked at up to this number."""

PNG_CHUNKS = 900
"""Of a PNG's chunks without pixels so many are read, and the rest is left out; libpng keeps 1000."""

PNG_PIECES = 20_000
"""A PNG may spread its pixels over more chunks than these only where they are of the usual sizes."""

PNG_PIECE_BYTES = 512
"""The least that such chunks hold on average; encoders write 4096 bytes and more."""

TEXT_BYTES = 16 << 20
"""All texts of a PNG together come unpacked to at most so many bytes, and the rest is left out."""

EXIF_BYTES = 16 << 20
"""A larger EXIF block is left out."""

EXIF_ENTRIES = 100_000
"""An EXIF block whose entries are looked at more often, over and over again, is left out."""

EXIF_WIPED = 64 << 20
"""An EXIF block that asks for more bytes to be wiped, one over the other, is left out."""

EXIF_DEPTH = 3
"""Directories of an EXIF block are followed so far from the first one."""

XMP_BYTES = 4 << 20
"""A larger XMP packet is left out."""

XMP_NODES = 50_000
"""An XMP packet with more elements, attributes and comments is left out."""

XMP_DEPTH = 100
"""An XMP packet whose elements lie deeper in one another is left out."""

META_BOX_BYTES = 4 << 20
"""The description of the pictures in an AVIF or HEIC file is read up to this size."""

"""Photos: header, and pixels decoded upright for the encoder, the screen or export.

Every function opens the file anew and shares nothing, so any thread may call any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.files import limits
from cropcore.files.photo_scan import is_raw_name, reads_raw
from cropcore.geometry.input_sides import PRODUCT, SHORT_SIDE, InputSides
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.straighten import StraightView
from cropcore.images import colour_profile, sixteen_bit
from cropcore.images.colour_tags import Cicp, colours_of
from cropcore.images.decode_budget import budget
from cropcore.images.photo_file import (
    further_channels,
    has_depth_map,
    has_gain_map,
    has_video,
    lacks_end,
    opened,
    orientation,
    pages,
    stored_bits,
)
from cropcore.images.raw import raw_pixels, raw_preview, read_raw_header
from cropcore.images.rotate import straightened
from cropcore.messages import Message

Pixels = NDArray[np.uint8]
FloatBox = tuple[float, float, float, float]

RAW = "RAW"
"""The format of photos that LibRaw reads."""

_CLOSE_SHORT_SIDE = 768
_CLOSE_LONG_SIDE = 1536

TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FILTER = Image.Resampling.LANCZOS
# A camera's preview of this many pixels is sharp enough for any screen.
_RAW_PREVIEW = 1400
TEXT_LONG_SIDE = 640
_FILLER = bytes(range(1, 200)) * 100


@dataclass(frozen=True, slots=True)
class Photo:
    """What a file's header says of a photo; no pixels.

    ``width`` and ``height`` are those of the upright photo; ``exif`` is the orientation that the file
    asks for, ``turn`` what the person did on top of it, both included in sizes and all pixels.
    ``format`` is Pillow's name: JPEG, PNG, WEBP, TIFF, AVIF or HEIF, or RAW. ``mode`` is that of
    :func:`decode`: L, LA, RGB, RGBA or CMYK. ``bits`` per channel are 8 or 16, of ``stored_bits`` in the
    file. ``key_colour`` is whether one colour, or entries of a palette, are transparent. ``icc`` describes
    the colours, also where the file tells them otherwise; of a photo in PQ or HLG, whose code points are
    ``hdr``, it shows them in standard range. ``gain_map`` is whether the file holds a further picture that
    makes HDR of this one, ``depth_map`` and ``video`` whether there is such a thing. ``further_channels`` of
    a TIFF are neither colours nor transparency.
    ``missing_rows`` are those that a JPEG which ends too early lacks; they are grey.
    ``notes`` are short sentences for the person.
    """

    path: Path
    width: int
    height: int
    format: str
    mode: str
    bits: int = 8
    stored_bits: int = 8
    has_alpha: bool = False
    key_colour: bool = False
    icc: bytes | None = None
    frames: int = 1
    notes: tuple[Message, ...] = ()
    turn: Orientation = UPRIGHT
    exif: Orientation = UPRIGHT
    hdr: Cicp | None = None
    gain_map: bool = False
    depth_map: bool = False
    video: bool = False
    further_channels: int = 0
    missing_rows: int = 0

    def turned(self, by: Orientation) -> Photo:
        """The same photo turned or mirrored, on top of what was done before; no value changes."""
        width, height = self.width, self.height
        if by.swaps_sides:
            width, height = height, width
        return replace(self, width=width, height=height, turn=self.turn.then(by))

    def __repr__(self) -> str:
        kind = f"{self.format}, {self.mode}, {self.bits} bits"
        return f"Photo({self.path.name}: {self.width} x {self.height}, {kind})"

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


def read_photo(path: str | Path) -> Photo:
    """Read a photo's header.

    Damage behind the header shows only when the pixels are decoded.

    Raises:
        PhotoError: the file is missing, unreadable, no photo, too large, damaged or unsupported;
            the error names the file, the reason and the remedy.
    """
    path = Path(path)
    if is_raw_name(path.name) and reads_raw():
        return _read_raw(path)
    with opened(path) as image:
        exif = Orientation.of_exif(orientation(image))
        width, height = _size_after(exif, image)
        file_format = "JPEG" if image.format == "MPO" else str(image.format)
        mode = _plain_mode(path, image)
        colours = colours_of(image)
        missing = _missing_rows(path) if lacks_end(image) else None
        photo = Photo(
            path=path,
            width=width,
            height=height,
            format=file_format,
            mode=mode,
            bits=16 if sixteen_bit.is_deep(image) else 8,
            stored_bits=stored_bits(image),
            has_alpha=mode in ("LA", "RGBA"),
            key_colour="transparency" in image.info,
            # A CIELAB photo is decoded to sRGB, which its own profile does not describe.
            icc=None if image.mode == "LAB" else colours.icc,
            exif=exif,
            hdr=colours.hdr,
            gain_map=has_gain_map(image),
            depth_map=has_depth_map(image),
            video=has_video(image),
            further_channels=further_channels(image),
            missing_rows=missing or 0,
        )
        frames = _pictures(
            image, photo.gain_map
        )  # last, because looking at a further picture changes the image
        notes = (*_notes(file_format, frames), *_notes_on_end(missing, image.height))
        return replace(photo, frames=frames, notes=notes)


def _read_raw(path: Path) -> Photo:
    header = read_raw_header(path)
    width, height = header.crop[2:]
    if header.orientation.swaps_sides:
        width, height = height, width
    return Photo(path, width, height, RAW, "RGB", bits=16, exif=header.orientation)


def decode(photo: Photo, long_side: int | None = None) -> Image.Image:
    """Decode a photo upright, in its own mode and profile, 8 bits per channel.

    With ``long_side`` the result is reduced to it, never enlarged; JPEGs then decode at a fraction
    of the cost. The image carries no metadata; its colours mean what ``photo.icc`` says.

    Raises:
        PhotoError: the file is damaged, or no longer the one that was read.
    """
    return _decode(
        photo, None if long_side is None else _size(photo.width, photo.height, None, long_side)
    )


def decode_16_bit(photo: Photo) -> sixteen_bit.Pixels16:
    """Decode a photo of 16 bits upright, in its own profile: uint16 (h, w, channels).

    Raises:
        PhotoError: the file is damaged, or no longer the one that was read.
    """
    pixel_count = photo.width * photo.height
    if photo.format == RAW:
        with budget.taken(pixel_count):
            header = read_raw_header(photo.path)
            pixels = raw_pixels(photo.path, header, bits=16)
            pixels = sixteen_bit.oriented(pixels, header.orientation.then(photo.turn).exif)
        return _checked(photo, pixels)
    with budget.taken(pixel_count), sixteen_bit.alone(pixel_count):
        pixels = sixteen_bit.oriented(sixteen_bit.read_16_bit(photo.path), photo.turn.exif)
    return _checked(photo, pixels)


def srgb_pixels(
    photo: Photo, short_side: int | None = None, long_side: int | None = None
) -> Pixels:
    """Decode a photo upright as sRGB, uint8 (h, w, 3); what is transparent lies over white.

    ``short_side`` sets the length of the shorter side, enlarging where needed; ``long_side`` is the
    most that the longer side may have. With neither, the photo's own size.

    Raises:
        PhotoError: as :func:`decode`.
    """
    size = _size(photo.width, photo.height, short_side, long_side)
    return on_white(_decode(photo, size), photo.icc)


def on_white(image: Image.Image, icc: bytes | None) -> Pixels:
    """An image in one of the modes of :func:`decode` as sRGB (h, w, 3), over white where it has alpha."""
    image = colour_profile.to_srgb(image, icc)
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image).convert("RGB")
    return np.array(image)


def srgb_preview(photo: Photo, long_side: int) -> Pixels:
    """Decode a photo for the screen: upright sRGB with straight alpha, uint8 (h, w, 4)."""
    image = _decode(photo, _size(photo.width, photo.height, None, long_side))
    return np.array(colour_profile.to_srgb(image, photo.icc).convert("RGBA"))


def grey_preview(photo: Photo, long_side: int) -> Pixels:
    """Decode a photo to compare it with others: upright grey, uint8 (h, w)."""
    image = _decode(photo, _size(photo.width, photo.height, None, long_side))
    return np.array(image.convert("RGB").convert("L"))


def shows_camera_preview(photo: Photo, long_side: int) -> bool:
    """Whether :func:`srgb_preview` of a raw photo is the camera's own picture, not LibRaw's rendering.

    Raises:
        PhotoError: LibRaw cannot read the file.
    """
    header = read_raw_header(photo.path)
    return raw_preview(photo.path, header, min(long_side, _RAW_PREVIEW)) is not None


def net_pixels(photo: Photo, angle: float = 0.0, sides: InputSides = PRODUCT) -> Pixels:
    """Decode a photo for the encoder: sRGB uint8 (h, w, 3), short side 256, long side at most 1024.

    The ratio is kept; a photo longer than 1:4 gets a short side below 256. Of a photo straightened by
    an ``angle`` it is the ``StraightView``, at the size that the photo would have. ``sides`` are those
    of weights that see photos at another size.
    """
    return _seen_pixels(photo, sides.short_side, sides.long_side, angle)


def close_pixels(photo: Photo, angle: float = 0.0) -> Pixels:
    """As :func:`net_pixels`, three times as large where the photo has so many: to measure in it."""
    short = max(SHORT_SIDE, min(_CLOSE_SHORT_SIDE, photo.width, photo.height))
    return _seen_pixels(photo, short, _CLOSE_LONG_SIDE, angle)


def as_net_pixels(pixels: Pixels) -> Pixels:
    """Pixels (h, w, 3) of a photo at the encoder's size; themselves where they are no larger."""
    height, width = pixels.shape[:2]
    size = net_size(width, height)
    if size[0] >= width and size[1] >= height:
        return pixels
    return np.array(resized(Image.fromarray(pixels), size))


def text_pixels(photo: Photo, angle: float = 0.0) -> Pixels:
    """As :func:`net_pixels`, for finding text: the long side is 640."""
    return _seen_pixels(photo, None, TEXT_LONG_SIDE, angle)


def _seen_pixels(photo: Photo, short_side: int | None, long_side: int, angle: float) -> Pixels:
    if not angle % 360:
        return srgb_pixels(photo, short_side, long_side)
    more = photo.width / StraightView.of(photo.width, photo.height, angle).width
    wider = None if short_side is None else round(short_side * more)
    pixels = srgb_pixels(photo, wider, round(long_side * more))
    return straightened(pixels, angle, _size(photo.width, photo.height, short_side, long_side))


def net_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which the encoder gets an upright photo of a size."""
    return PRODUCT.decoded(width, height)


def resized(image: Image.Image, size: tuple[int, int], box: FloatBox | None = None) -> Image.Image:
    """An image, or a part of it, at another size, by the filter of all photos."""
    if image.size == size:
        return image
    return image.resize(size, _FILTER, box=box, reducing_gap=3.0)


def _size(
    width: int, height: int, short_side: int | None, long_side: int | None
) -> tuple[int, int]:
    scale = 1.0 if short_side is None else short_side / min(width, height)
    if long_side is not None:
        scale = min(scale, long_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _decode(photo: Photo, size: tuple[int, int] | None) -> Image.Image:
    if photo.format == RAW:
        return _decode_raw(photo, size)
    with opened(photo.path) as image:
        whole = Orientation.of_exif(orientation(image)).then(photo.turn)
        if _size_after(whole, image) != (photo.width, photo.height):
            raise _changed(photo)
        deep_tiff = image.format == "TIFF" and photo.bits == 16  # comes upright
        left = photo.turn if deep_tiff else whole
        turn = left.exif
        box: FloatBox | None = None
        if size is not None and left.swaps_sides:
            size = size[1], size[0]
        if size is not None and image.format in ("JPEG", "MPO"):
            drafted = image.draft(None, size)
            box = drafted[1] if drafted else None
        # A progressive JPEG is held in full whatever its draft; others are decoded at its size.
        whole_size = "progressive" in image.info or image.format not in ("JPEG", "MPO")
        wide, high = (photo.width, photo.height) if whole_size else image.size
        with budget.taken(wide * high):
            if deep_tiff:
                with sixteen_bit.alone(photo.width * photo.height):
                    plain = _reduced(
                        sixteen_bit.read_16_bit(photo.path)
                    )  # Pillow misreads some images of these modes
            else:
                if image.format == "TIFF":
                    image.info.pop("xmp", None)  # Pillow would turn it once more by what that tells
                image.load()
                _plain_mode(photo.path, image)
                plain = plain_image(image)
            if size is not None:
                plain = resized(plain, size, box)
            if turn != 1:
                plain = plain.transpose(TRANSPOSE[turn])
            if plain is image:
                plain = plain.copy()  # a plain Image, free of what the format's own class carries
        plain.info = {}
        return plain


def _decode_raw(photo: Photo, size: tuple[int, int] | None) -> Image.Image:
    """The camera's preview where it is large enough, else LibRaw's rendering, at full size or half."""
    header = read_raw_header(photo.path)
    whole = header.orientation.then(photo.turn)
    stored = header.crop[3:1:-1] if whole.swaps_sides else header.crop[2:]
    if stored != (photo.width, photo.height):
        raise _changed(photo)
    if size is not None and whole.swaps_sides:
        size = size[1], size[0]
    with budget.taken(photo.width * photo.height):
        plain = None
        if size is not None:
            plain = raw_preview(photo.path, header, min(max(size), _RAW_PREVIEW))
        if plain is None:
            half = size is not None and max(size) <= max(header.crop[2:]) // 2
            plain = Image.fromarray(raw_pixels(photo.path, header, half=half))
        if size is not None:
            plain = resized(plain, size)
    turn = whole.exif
    plain = plain.transpose(TRANSPOSE[turn]) if turn != 1 else plain.copy()
    plain.info = {}
    return plain


def _checked(photo: Photo, pixels: sixteen_bit.Pixels16) -> sixteen_bit.Pixels16:
    if pixels.shape[:2] != (photo.height, photo.width):
        raise _changed(photo)
    return pixels


def _changed(photo: Photo) -> PhotoError:
    return PhotoError(photo.path, "has changed since it was opened.", "Open it again.")


def _reduced(pixels: sixteen_bit.Pixels16) -> Image.Image:
    pixels >>= 8  # in place: they were read for this alone
    return Image.fromarray(pixels.astype(np.uint8).squeeze())


def _size_after(turn: Orientation, image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if turn.swaps_sides else (width, height)


def _plain_mode(path: Path, image: Image.Image) -> str:
    """The mode of :func:`decode` for an image as Pillow opened it."""
    if image.mode in ("I", "F"):
        raise PhotoError(
            path,
            "holds 32-bit or floating-point values, which have no fixed white.",
            "Save it with 8 or 16 bits per channel first.",
        )
    return _mode_of(image)


def _mode_of(image: Image.Image) -> str:
    mode = image.mode
    if "transparency" in image.info and not sixteen_bit.is_deep(image):
        return "RGBA"
    if mode == "P":
        return "RGB"
    if mode in ("1", "L") or mode.startswith("I;16"):
        return "L"
    plain = {"La": "LA", "RGBa": "RGBA", "PA": "RGBA", "RGBX": "RGB", "YCbCr": "RGB", "LAB": "RGB"}
    return plain.get(mode, mode)


def plain_image(image: Image.Image) -> Image.Image:
    """An image, not of mode I or F, in a mode of :func:`decode`: no palette, no premultiplied alpha."""
    mode = _mode_of(image)
    if image.mode == mode:
        return image
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "LAB":
        return colour_profile.lab_to_srgb(image)
    return image.convert(mode)


def _pictures(image: Image.Image, gain_map: bool) -> int:
    """How many pictures a file holds, of which one is used; of very many, one more than are counted.

    Behind a JPEG's there may be reduced copies and a ``gain_map``, which are no pictures of their own.
    """
    if image.format == "TIFF":
        return pages(image)
    frames = int(getattr(image, "n_frames", 1))
    if image.format != "MPO":
        return frames
    size, pictures = image.size, 1
    try:
        for place in range(1, min(frames, limits.PICTURES + 1)):
            image.seek(place)
            pictures += image.size == size
    except Exception:  # damage behind the first picture costs only what follows
        return pictures
    return max(1, pictures - gain_map)


def _notes_on_end(missing: int | None, rows: int) -> tuple[Message, ...]:
    if missing is None:
        return ()
    if missing == 0:
        return (Message("The file lacks its end; every row of the picture is there."),)
    return (
        Message(
            "The file is incomplete: {missing} of {rows} rows are missing and grey.",
            missing=missing,
            rows=rows,
        ),
    )


def _missing_rows(path: Path) -> int:
    """How many rows of a JPEG without its end are missing, to within a block.

    They are the rows that change with what is put behind the file's last byte. Of a progressive JPEG
    details of all rows may be missing.
    """
    seen = []
    for filler in (b"", _FILLER):
        with opened(path, filler) as image:
            rows, reach = image.height, image.width * image.height
            image.draft(None, (max(1, image.width // 8), max(1, image.height // 8)))
            with budget.taken(reach if "progressive" in image.info else image.width * image.height):
                image.load()
                seen.append(np.asarray(image).reshape(image.height, -1))
    changed = (seen[0] != seen[1]).any(axis=1)
    first = int(changed.argmax()) if changed.any() else len(changed)
    return rows - round(first * rows / len(changed))


def _notes(file_format: str, frames: int) -> tuple[Message, ...]:
    if frames == 1:
        return ()
    if file_format == "TIFF" and frames > limits.PAGES:
        return (Message("More than {count} pages: the first is used.", count=limits.PAGES),)
    if file_format == "JPEG" and frames > limits.PICTURES:
        return (Message("More than {count} pictures: the first is used.", count=limits.PICTURES),)
    if file_format == "TIFF":
        return (Message("{count} pages: the first is used.", count=frames),)
    if file_format == "JPEG":
        return (Message("{count} pictures: the first is used.", count=frames),)
    if file_format == "HEIF":
        return (Message("{count} pictures: the main one is used.", count=frames),)
    return (Message("Animated, {count} frames: the first is used.", count=frames),)

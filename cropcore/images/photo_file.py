"""Opens photo files safely: every defect becomes a PhotoError.

Nothing here decodes pixels until ``load`` is called on the image that :func:`opened` yields. Each
call opens the file anew, so several threads may read the same photo.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import stat
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from PIL import ExifTags, Image, PngImagePlugin, UnidentifiedImageError, features

from cropcore.errors import DecodeStoppedError, PhotoError, system_reason
from cropcore.files import limits
from cropcore.files.limits import MAX_PIXELS
from cropcore.files.path_checks import is_folder
from cropcore.files.photo_scan import is_raw_name
from cropcore.images import png_chunks, tiff_kinds
from cropcore.images.item_properties import item_properties
from cropcore.images.jpeg_end import with_end
from cropcore.images.jpeg_pictures import ISO_GAIN_MAP, gain_map_span
from cropcore.images.quiet_libtiff import silence_libtiff
from cropcore.messages import Message

MIN_SIDE = 2

# Pillow's own limit is far below today's panoramas and warns where we would have to silence it for
# the whole process; check_size is the rule instead, applied before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

# Pillow would refuse a whole photo for one packed text above a megabyte, such as Photoshop's data. What
# is too much is left out before Pillow sees it.
PngImagePlugin.MAX_TEXT_CHUNK = limits.TEXT_BYTES

_READS = "Cropsight reads JPEG, PNG, WebP, TIFF, AVIF and HEIC."
_CONVERT = "Convert it to JPEG, PNG or TIFF first."
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1"}
_DNG_VERSION = 50706
_PNG = b"\x89PNG\r\n\x1a\n"
_SAVE_PLAIN_TIFF = Message("Save it with 8 or 16 bits per channel, uncompressed or with LZW.")
_BITS_PER_SAMPLE, _COMPRESSION, _PHOTOMETRIC, _SAMPLES_PER_PIXEL, _PLANAR = 258, 259, 262, 277, 284
_ORIENTATION = 274
_ORIENTATION_IN_XMP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')
_READ_APART = {1, 8, 32773, 32946}
"""Compressions that tifffile unpacks by itself, as it must where 16-bit channels lie apart."""
_GAIN_MAP = re.compile(rb"\b(hdrgm|HDRGainMap):\w|Semantic=.GainMap")
_DEPTH_MAP = re.compile(rb"\bGDepth:\w|Semantic=.Depth")
_VIDEO = re.compile(rb"(?:MotionPhoto|MicroVideo)(?:=.|>)1|Semantic=.MotionPhoto")
_LEFT_OUT = "left out"
_NO_END = "no end"
PNG_CICP = "png cicp"
"""Where the info of an image from :func:`opened` has the numbers of a PNG's cICP chunk."""
_SMALL_READ = 64
# TIFF compressions whose pixels are at most a known multiple of the file's bytes.
_BOUNDED_TIFF = {"raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "jpeg"}


@contextmanager
def opened(path: Path, filler: bytes = b"") -> Iterator[Image.Image]:
    """The image in a file, header read, pixels not yet decoded; closed at the end of the block.

    Anything that a decoder raises inside the block leaves it as a PhotoError. A JPEG without its end is
    opened as far as it goes, with ``filler`` in place of what is missing.

    Raises:
        PhotoError: the file is missing, unreadable, no photo, too large, damaged or unsupported.
    """
    with translated(path), _open_regular(path) as file:
        kind = _sniff(path, file)
        readable, lost, cicp = png_chunks.View(file)
        if kind == "PNG":
            readable, lost, cicp = png_chunks.view(file)
        elif kind in ("JPEG", "TIFF"):
            readable = cast(BinaryIO, _Patient(path, file))
        with ExitStack() as stack:
            image = stack.enter_context(_opened(path, readable, kind))
            if kind == "TIFF":
                silence_libtiff()
            if image.format == "TIFF" and _DNG_VERSION in getattr(image, "tag_v2", {}):
                raise _raw(path)
            check_size(path, image.width, image.height)
            _check_arrangement(path, image)
            _check_data(path, image, file)
            if kind == "JPEG" and (whole := with_end(file, filler)):
                image = stack.enter_context(Image.open(whole, formats=[kind]))
                image.info[_NO_END] = True
            image.info[_LEFT_OUT] = lost
            image.info[PNG_CICP] = cicp
            yield image


def _opened(path: Path, file: BinaryIO, kind: str) -> Image.Image:
    try:
        return Image.open(file, formats=[kind])
    except UnidentifiedImageError as e:
        if kind == "TIFF":
            reason = tiff_kinds.why_unreadable(path)
            if reason:
                raise PhotoError(path, reason, _SAVE_PLAIN_TIFF) from e
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn whatever a decoder or the system raises into a PhotoError that names ``path``."""
    try:
        yield
    except (PhotoError, DecodeStoppedError):
        raise
    except UnidentifiedImageError as e:
        raise PhotoError(path, "is damaged or of a kind that cannot be read.", _CONVERT) from e
    except OSError as e:
        raise _from_system(path, e) from e
    except MemoryError as e:
        raise PhotoError(
            path, "does not fit in memory.", "Close other programs or use a smaller copy."
        ) from e
    except Exception as e:  # decoders raise anything on damaged data, from KeyError to SyntaxError
        raise _damaged(path) from e


def needs_raw_extra(path: Path) -> PhotoError:
    """That a raw file needs the extra for them."""
    return PhotoError(
        path,
        "is a raw file, which needs the package rawpy.",
        "Install it with: pip install 'cropsight[raw]'",
    )


def check_regular(path: Path) -> None:
    """Raise PhotoError where a path leads to no file that can be read."""
    with translated(path), _open_regular(path):
        pass


def check_size(path: Path, width: int, height: int) -> None:
    """Raise PhotoError where a photo of this size is refused."""
    if width * height > MAX_PIXELS:
        raise PhotoError(
            path,
            "has {width} x {height} pixels, more than the {megapixels} "
            "megapixels that can be opened.",
            "Use a smaller copy.",
            width=width,
            height=height,
            megapixels=MAX_PIXELS // 10**6,
        )
    if min(width, height) < MIN_SIDE:
        raise PhotoError(
            path,
            "is {width} x {height} pixels: too thin to crop.",
            "Use a larger photo.",
            width=width,
            height=height,
        )


def lacks_end(image: Image.Image) -> bool:
    """Whether an image from :func:`opened` is a JPEG that ends too early."""
    return bool(image.info.get(_NO_END))


def stored_bits(image: Image.Image) -> int:
    """Bits per channel of an image from :func:`opened`, as its file has them."""
    if image.format == "HEIF":
        return int(image.info.get("bit_depth", 8))
    if image.format == "AVIF":
        return item_properties(image.fp).bits or 8  # type: ignore[attr-defined]
    if image.format == "TIFF":
        return int(max(image.tag_v2.get(_BITS_PER_SAMPLE, (8,))))  # type: ignore[attr-defined]
    if image.format == "PNG":
        return 16 if any("16" in str(tile.args) for tile in image.tile) else 8  # type: ignore[attr-defined]
    return 8


def further_channels(image: Image.Image) -> int:
    """How many channels of an image from :func:`opened` are neither colours nor transparency."""
    if image.format != "TIFF":
        return 0
    samples = int(image.tag_v2.get(_SAMPLES_PER_PIXEL, 1))  # type: ignore[attr-defined]
    return max(0, samples - used_channels(image))


def used_channels(image: Image.Image) -> int:
    """How many channels of a TIFF, from the first one, are colours or transparency."""
    return 3 if image.mode == "RGBX" else len(image.getbands())


def has_gain_map(image: Image.Image) -> bool:
    """Whether the file holds a further picture that makes HDR of this one.

    Ultra HDR of Android and ISO 21496-1 in a JPEG, Apple's and ISO's in HEIC and AVIF.
    """
    if image.format in ("JPEG", "MPO"):
        if _GAIN_MAP.search(_xmp(image)):
            return True
        file = getattr(image, "fp", None)
        if "mp" in image.info and file is not None and gain_map_span(file) is not None:
            return True
        segments = getattr(image, "applist", ())
        return any(name == "APP2" and data.startswith(ISO_GAIN_MAP) for name, data in segments)
    if image.format == "HEIF":
        auxiliary = image.info.get("aux") or {}
        if any("hdrgainmap" in str(name).lower() for name in auxiliary):
            return True
    if image.format in ("HEIF", "AVIF"):
        file = getattr(image, "fp", None)
        return file is not None and item_properties(file).gain_map
    return False


def has_depth_map(image: Image.Image) -> bool:
    """Whether the file holds how far away what the picture shows is."""
    return bool(image.info.get("depth_images")) or _DEPTH_MAP.search(_xmp(image)) is not None


def has_video(image: Image.Image) -> bool:
    """Whether the file is a motion photo, with a video behind its picture."""
    return _VIDEO.search(_xmp(image)) is not None


def _xmp(image: Image.Image) -> bytes:
    told = image.info.get("xmp")
    return told if isinstance(told, bytes) else b""


def left_out(image: Image.Image) -> tuple[Message, ...]:
    """Messages on metadata beyond the limits, which an image from :func:`opened` is without."""
    return tuple(image.info.get(_LEFT_OUT, ()))


def pages(image: Image.Image) -> int:
    """How many pages a TIFF has; ``limits.PAGES`` + 1 where there are more."""
    file: BinaryIO = image.fp  # type: ignore[attr-defined]
    place = file.tell()
    seen: set[int] = set()
    try:
        file.seek(0)
        head = file.read(16)
        order, big = "<" if head.startswith(b"II") else ">", 43 in head[2:4]
        count, link, entry = ("Q", "Q", 20) if big else ("H", "I", 12)
        (at,) = struct.unpack_from(order + link, head, 8 if big else 4)
        while at and at not in seen and len(seen) <= limits.PAGES:
            file.seek(at)
            size = struct.calcsize(order + count)
            (entries,) = struct.unpack(order + count, file.read(size))
            seen.add(at)
            file.seek(at + size + entry * entries)
            (at,) = struct.unpack(order + link, file.read(struct.calcsize(order + link)))
    except (struct.error, OSError, OverflowError, ValueError):
        pass  # damage behind the first page costs only what follows
    finally:
        file.seek(place)
    return max(1, len(seen))


def read_bytes(path: Path) -> bytes:
    """The whole file, a PNG without what is too much; the same refusals as :func:`opened`."""
    with translated(path), _open_regular(path) as file:
        head = file.read(len(_PNG))
        file.seek(0)
        return png_chunks.view(file).file.read() if head == _PNG else file.read()


def orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8 still to be applied to an image from :func:`opened`.

    It is told by EXIF, by the text chunk in which some PNGs have that, else by XMP.
    """
    if image.format == "TIFF":
        if _ORIENTATION in image.tag_v2:  # type: ignore[attr-defined]
            return 1  # Pillow turns TIFFs upright itself, size included
        told = _ORIENTATION_IN_XMP.search(image.info.get("xmp") or b"")
        return int(told[1]) if told else 1
    try:
        # A PNG's own method would decode the whole photo in search of what is there already.
        value = Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1)
    except Exception:  # a damaged EXIF block costs its orientation, not the photo
        return 1
    return value if value in range(1, 9) else 1


def _open_regular(path: Path) -> BinaryIO:
    # Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise _folder(path)
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError(path, "is a device or a pipe, not a file.", "Choose a photo.")
        if status.st_size == 0:
            raise PhotoError(path, "is empty.", "Copy it again from where it came from.")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _sniff(path: Path, file: BinaryIO) -> str:
    """Pillow's name of the format, judged by the first bytes and never by the name."""
    head = file.read(64)
    file.seek(0)
    if is_raw_name(path.name):
        # With the extra they are read elsewhere.
        raise needs_raw_extra(path)
    if head.startswith(b"\xff\xd8"):
        return "JPEG"
    if head.startswith(_PNG):
        return "PNG"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head[4:8] == b"ftyp":
        brands = {head[i : i + 4] for i in range(8, len(head) - 3, 4)}
        if brands & {b"avif", b"avis"}:
            if not features.check("avif"):
                raise PhotoError(path, "is an AVIF file, which this Pillow cannot read.", _CONVERT)
            return "AVIF"
        if brands & _HEIF_BRANDS:
            require_heif(path)
            return "HEIF"
    raise PhotoError(path, "is not a photo that Cropsight can read.", _READS)


def reads_heif() -> bool:
    """Whether the extra for HEIC is installed; it is not imported for that."""
    try:
        return importlib.util.find_spec("pillow_heif") is not None
    except ValueError:  # it was looked for before, in vain
        return False


def require_heif(path: Path) -> None:
    """Make HEIC known to Pillow, or raise PhotoError where the extra is not installed."""
    try:
        import pillow_heif
    except ImportError as e:
        raise PhotoError(
            path,
            "HEIC needs the package pillow-heif.",
            "Install it with: pip install 'cropsight[heic]'",
        ) from e
    pillow_heif.register_heif_opener()


class _Patient:
    """A file that raises PhotoError after a limit of small reads, so that a header that loops ends."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._left = limits.SMALL_READS

    def read(self, size: int = -1) -> bytes:
        if 0 <= size < _SMALL_READ:
            self._left -= 1
            if self._left < 0:
                raise PhotoError(
                    self._path,
                    "is damaged: its header does not end.",
                    "Copy it again from where it came from.",
                )
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _check_data(path: Path, image: Image.Image, file: BinaryIO) -> None:
    """Raise PhotoError where a large photo has far too few bytes, before memory is spent on it."""
    pixels = image.width * image.height
    if pixels <= limits.BLOWN_UP_PIXELS or image.format not in ("JPEG", "MPO", "PNG", "TIFF"):
        return
    if image.format == "TIFF" and image.info.get("compression") not in _BOUNDED_TIFF:
        return
    size = os.fstat(file.fileno()).st_size
    if image.format in ("JPEG", "MPO"):
        size -= file.tell()  # it stands behind the header, before the pixels
    if pixels * len(image.getbands()) > size * limits.PIXEL_BYTES_PER_BYTE:
        raise PhotoError(
            path,
            "has {width} x {height} pixels, but hardly any data for them.",
            "Copy it again from where it came from.",
            width=image.width,
            height=image.height,
        )


def _check_arrangement(path: Path, image: Image.Image) -> None:
    """Raise PhotoError for a TIFF with its channels apart that opens, but whose pixels nobody here can read."""
    tags = image.tag_v2 if image.format == "TIFF" else {}  # type: ignore[attr-defined]
    if tags.get(_PLANAR) != 2:
        return
    packed = tags.get(_COMPRESSION, 1) not in _READ_APART
    deep = stored_bits(image) == 16 and tags.get(_PHOTOMETRIC) in (0, 1, 2)
    if packed if deep else further_channels(image):
        reason = tiff_kinds.why_unreadable(path)
        if reason:
            raise PhotoError(path, reason, _SAVE_PLAIN_TIFF)


def _from_system(path: Path, error: OSError) -> PhotoError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return PhotoError(path, "is not there.", "It may have been moved or renamed.")
        case errno.EACCES | errno.EPERM if is_folder(path):  # how Windows refuses to open a folder
            return _folder(path)
        case errno.EACCES | errno.EPERM:
            return PhotoError(path, "may not be read.", "Change the permissions of the file.")
        case errno.EISDIR:
            return _folder(path)
        case None:
            return _damaged(path)
        case _:
            return PhotoError(
                path,
                "could not be read: {reason}.",
                "Try again or copy the file.",
                reason=system_reason(error),
            )


def _damaged(path: Path) -> PhotoError:
    return PhotoError(path, "is damaged or incomplete.", "Copy it again from where it came from.")


def _folder(path: Path) -> PhotoError:
    return PhotoError(path, "is a folder, not a photo.", "Choose a photo in it.")


def _raw(path: Path) -> PhotoError:
    return PhotoError(
        path, "is a raw file, which needs developing first.", "Open a JPEG or TIFF made from it."
    )

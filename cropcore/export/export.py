"""Exports crops to files: atomically, never over an existing file."""

from __future__ import annotations

import errno
import os
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from PIL import JpegImagePlugin

from cropcore.errors import (
    DecodeStoppedError,
    ExportError,
    OptionError,
    PhotoError,
    system_reason,
)
from cropcore.export import file_names
from cropcore.export.encoders import (
    HDR_FORMATS,
    LONGEST_SIDE,
    Encoding,
    encode,
    with_segments,
)
from cropcore.export.options import FORMATS, ExportOptions
from cropcore.export.pixel_formats import finish
from cropcore.export.preserved import keeps_bits, losses
from cropcore.export.ultra_hdr import with_gain_map
from cropcore.files.atomic_write import same_file, write_new
from cropcore.files.export_folder import export_folder
from cropcore.files.limits import MAX_PIXELS
from cropcore.files.path_checks import file_stamp
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT
from cropcore.geometry.paper import LEAST_PPI, Paper
from cropcore.images import render
from cropcore.images.decode_budget import raise_if_given_up
from cropcore.images.gain_map import GainMap, read_gain_map
from cropcore.images.lossless_jpeg import BlockGrid, PixelBox, cut_lossless, cuts_lossless
from cropcore.images.output_size import Size
from cropcore.images.photo import RAW, Photo, decode, decode_16_bit
from cropcore.images.photo_file import opened, require_heif
from cropcore.messages import NOTHING, Message
from cropcore.metadata import exif
from cropcore.metadata.metadata import Metadata, for_print, read_metadata, revised_metadata

__all__ = [
    "EncodedFile",
    "ExportOptions",
    "Exported",
    "OptionError",
    "PhotoSource",
    "Pick",
    "Size",
    "export_crop",
    "export_crops",
]

_SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "TIFF": (".tif", ".tiff"),
    "HEIF": (".heic", ".heif"),
}
_ENLARGED = 1.005
DEVELOPED = Message("Developed plainly by LibRaw, with the camera's white balance.")


@dataclass(frozen=True, slots=True)
class Pick:
    """A crop to export: the shape it is for, its rank, and its place ``n`` in a run of exports.

    ``size`` and ``folder`` are for this crop alone, instead of those of the options. With ``known`` a file
    that holds its very bytes already is taken for it, see :meth:`EncodedFile.write`. ``made`` is when the
    file says it was made, with its zone; None is now.
    """

    crop: Crop
    aspect: Aspect
    rank: int = 1
    n: int = 1
    size: Size | None = None
    folder: Path | None = None
    known: Container[Path] | None = None
    made: datetime | None = None

    @property
    def told_made(self) -> datetime:
        """When the file says it was made."""
        return self.made or datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written: its size in pixels, what the person should know of it, such as what was
    lost on the way, its size in bytes, and the ``pixels`` of the photo that it shows where these are others
    than were planned.
    """  # fmt: skip

    path: Path
    width: int
    height: int
    warnings: tuple[Message, ...] = ()
    file_size: int = 0
    pixels: PixelBox | None = None


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """A crop's file before it is written: its bytes, where it belongs and the name that it wants.

    ``date`` is the time of change that it gets, in nanoseconds; None: that of its writing. ``pixels`` as in
    :class:`Exported`.
    """

    folder: Path
    stem: str
    suffix: str
    data: bytes
    width: int
    height: int
    warnings: tuple[Message, ...] = ()
    date: int | None = None
    pixels: PixelBox | None = None

    def write(self, known: Container[Path] | None = None, tidy: bool = True) -> Exported:
        """Write it to a new file, numbered where the name is taken.

        With ``known`` a file that holds these very bytes already is taken for it, unless it is one of
        the known ones: so a run that was killed between two lines of its journal goes on. ``tidy`` as in
        :func:`cropcore.files.atomic_write.write_new`.

        Raises:
            ExportError: it cannot be written; nothing half is left.
        """
        path = (
            None
            if known is None
            else same_file(self.folder, self.stem, self.suffix, self.data, known)
        )
        path = path or _written(self.folder, self.stem, self.suffix, self.data, tidy)
        self.set_date(path)
        size = len(self.data)
        return Exported(path, self.width, self.height, self.warnings, size, self.pixels)

    def set_date(self, path: Path) -> None:
        """Give the written file its time of change, if it has one of its own."""
        if self.date is not None:
            with suppress(OSError):  # a drive that keeps no such times
                os.utime(path, ns=(self.date, self.date))


def export_crop(
    photo: Photo,
    crop: Crop,
    aspect: Aspect,
    options: ExportOptions | None = None,
    rank: int = 1,
    n: int = 1,
) -> Exported:
    """Write one crop to a new file; see :func:`export_crops`."""
    picks = [Pick(crop, aspect, rank, n)]
    return next(export_crops(photo, picks, options or ExportOptions()))


def export_crops(photo: Photo, picks: Iterable[Pick], options: ExportOptions) -> Iterator[Exported]:
    """Write crops of one photo, which is decoded once; stop iterating to cancel the rest.

    Values stay as they are, 16 bits included where the format has them, unless the crop is
    straightened or resized or the format needs another kind of colours. Profile and metadata go
    along as ``options`` say. For many photos there is :class:`cropcore.export.write_queue.WriteQueue`.

    Raises:
        PhotoError: the photo cannot be read.
        ExportError: a file cannot be written; nothing half is left.
        TemplateError: the naming template cannot name a file.
    """
    source = PhotoSource.read(photo, options)
    for pick in picks:
        yield source.encode(pick).write()


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """A photo of which crops are encoded: decoded in full, or with the ``grid`` of a JPEG that is cut without.

    ``tables`` are a JPEG's own, where its quality is wanted; ``gain_map`` is what makes HDR of it.
    """

    photo: Photo
    options: ExportOptions
    format: str
    suffix: str
    folder: Path
    pixels: render.Pixels | None
    metadata: Metadata
    sampling: int | None
    progressive: bool
    tables: dict[int, list[int]] | None = None
    grid: BlockGrid | None = None
    gain_map: GainMap | None = None

    @classmethod
    def read(cls, photo: Photo, options: ExportOptions) -> PhotoSource:
        """Decode a photo and read its metadata.

        Raises:
            PhotoError: the photo cannot be read.
            ExportError: files of this format cannot be written here.
            TemplateError: the naming template cannot name a file.
        """
        file_names.check(options.template)
        file_format, suffix = format_of(photo, options)
        folder = options.folder or export_folder(photo.path)
        if file_format == "HEIF":
            try:
                require_heif(photo.path)
            except PhotoError as e:
                raise ExportError(photo.path, e.reason, e.remedy) from e
        sampling, progressive, tables, grid = None, False, None, None
        gain_map = None
        if photo.format == file_format == "JPEG":
            with opened(photo.path) as image:
                sampling = JpegImagePlugin.get_sampling(image)
                progressive = "progressive" in image.info
                if options.source_quality and isinstance(image, JpegImagePlugin.JpegImageFile):
                    tables = dict(image.quantization)
            if options.lossless and cuts_lossless():
                with suppress(PhotoError):  # of a kind that must be decoded
                    grid = BlockGrid.of(photo)
            if photo.gain_map:
                gain_map = read_gain_map(photo)
        return cls(
            photo=photo,
            options=options,
            format=file_format,
            suffix=suffix,
            folder=folder,
            pixels=_decoded(photo, options) if grid is None else None,
            metadata=read_metadata(photo.path),
            sampling=sampling,
            progressive=progressive,
            tables=tables,
            grid=grid,
            gain_map=gain_map,
        )

    @property
    def date_of_files(self) -> int | None:
        """The time of change that files get, in nanoseconds; None: that of their writing."""
        return (file_stamp(self.photo.path)[0] or None) if self.options.keep_date else None

    def encoding(self, icc: bytes | None, metadata: Metadata) -> Encoding:
        """How files with this profile and these metadata are encoded."""
        return Encoding(
            self.format,
            self.options.quality,
            icc,
            metadata,
            self.sampling,
            self.progressive,
            self.photo.hdr if self.format in HDR_FORMATS else None,
            self.tables,
        )

    def encode(self, pick: Pick) -> EncodedFile:
        """Cut out a crop and encode it.

        Raises:
            ExportError: it cannot be encoded, or has more pixels than may be written.
            DecodeStoppedError: the calling thread was told to give up.
        """
        return _made(self, pick, self.options)


def held_pixels(photo: Photo, picks: Iterable[Pick], options: ExportOptions) -> int:
    """How many pixels are held at once, at most, for crops of a photo: itself and the largest of them.

    A pixel of 16 bits per channel counts twice.
    """
    sizes = [
        render.plan(photo.width, photo.height, p.crop, p.aspect, p.size or options.size).size
        for p in picks
    ]
    largest = max((width * height for width, height in sizes), default=0)
    whole = photo.width * photo.height
    if photo.gain_map and photo.format == format_of(photo, options)[0] == "JPEG":
        whole *= 2  # a gain map has as many pixels at most
    return (whole + largest) * (2 if _is_deep(photo, options) else 1)


def _decoded(photo: Photo, options: ExportOptions) -> render.Pixels:
    return decode_16_bit(photo) if _is_deep(photo, options) else decode(photo)


def _is_deep(photo: Photo, options: ExportOptions) -> bool:
    return keeps_bits(photo, format_of(photo, options)[0])


def _made(source: PhotoSource, pick: Pick, options: ExportOptions) -> EncodedFile:
    photo, folder = source.photo, pick.folder or source.folder
    wanted_size = pick.size or options.size
    plan = render.plan(photo.width, photo.height, pick.crop, pick.aspect, wanted_size)
    paper = wanted_size.paper if wanted_size is not None else None
    width, height = plan.size
    stem = file_names.file_stem(options.template, _fields(source, pick, plan.size))
    wanted = folder / f"{stem}{source.suffix}"
    if width * height > MAX_PIXELS:
        raise ExportError(
            wanted,
            "{width} x {height} pixels are more than the {megapixels} megapixels "
            "that can be written.",
            "Choose a smaller size.",
            width=width,
            height=height,
            megapixels=MAX_PIXELS // 10**6,
        )
    longest = LONGEST_SIDE.get(source.format)
    if longest and max(width, height) > longest:
        raise ExportError(
            wanted,
            "{width} x {height} pixels are more than a {format} file can hold.",
            "Choose a long side of at most {longest} pixels, or another format.",
            width=width,
            height=height,
            format=source.format,
            longest=longest,
        )
    lossy = _why_lossy(source, pick, plan) if options.lossless else NOTHING
    if options.lossless and not lossy:
        return _cut(source, pick, plan, folder, stem)
    try:
        whole = _decoded(photo, options) if source.pixels is None else source.pixels
        cut = render.render(whole, plan)
        raise_if_given_up()
        pixels, icc, notes = finish(
            cut,
            photo.icc,
            source.format,
            pick.crop.shape == "circle",
            options.background,
            photo.hdr is not None,
        )
        metadata, lost = revised_metadata(
            source.metadata,
            width,
            height,
            options.metadata,
            keep_taken=options.keep_date,
            made=pick.told_made,
        )
        if paper is not None:
            metadata = for_print(metadata, paper.ppi)
        raise_if_given_up()
        data, dropped = encode(pixels, source.encoding(icc, metadata))
        # Around a circle lies the background, which must not be brightened.
        kept = source.gain_map if pick.crop.shape != "circle" else None
        in_hdr = with_gain_map(data, kept.cut(photo, plan)) if kept is not None else None
    except DecodeStoppedError:
        raise
    except MemoryError as e:
        raise ExportError(
            wanted, "does not fit in memory.", "Close other programs or choose a smaller size."
        ) from e
    except Exception as e:  # encoders raise anything, from KeyError to struct.error
        raise ExportError(
            wanted,
            "could not be made into a {format} file: {reason}.",
            "Try another format.",
            format=source.format,
            reason=str(e),
        ) from e
    plain = (DEVELOPED,) if photo.format == RAW else ()
    told = losses(photo, source.metadata, source.format, options.metadata, in_hdr is not None)
    why = (Message("Not cut without loss: {reason}.", reason=lossy),) if lossy else ()
    warnings = (*why, *_warnings(plan, paper), *plain, *notes, *told, *lost, *dropped)
    return EncodedFile(
        folder, stem, source.suffix, in_hdr or data, width, height, warnings, source.date_of_files
    )


def _why_lossy(source: PhotoSource, pick: Pick, plan: render.Plan) -> Message:
    """Why a crop cannot be cut without loss; nothing where it can."""
    grid = source.grid
    if grid is None and not source.photo.format == source.format == "JPEG":
        return Message("only a JPEG of a JPEG can be")
    if grid is None and not cuts_lossless():
        return Message("the library libturbojpeg is not installed")
    if grid is None:
        return Message("JPEGs of this kind cannot be")
    left, top, right, bottom = plan.pixels
    if plan.angle % 360:
        return Message("it is straightened")
    if plan.size != (right - left, bottom - top):
        return Message("it is resized")
    if pick.crop.shape == "circle":
        return Message("it is a circle")
    untold = source.metadata.exif and exif.orientation_of(source.metadata.exif) is None
    if untold and grid.orientation != UPRIGHT:
        return Message("its EXIF data have no place for the turn")
    return NOTHING


def _cut(
    source: PhotoSource, pick: Pick, plan: render.Plan, folder: Path, stem: str
) -> EncodedFile:
    """A crop of a JPEG as that is stored; its EXIF data tell what makes it upright."""
    photo, grid, options = source.photo, source.grid, source.options
    assert grid is not None
    left, top, right, bottom = grid.stored(plan.pixels)
    try:
        data = cut_lossless(photo.path, grid, plan.pixels)
        metadata, lost = revised_metadata(
            source.metadata,
            right - left,
            bottom - top,
            options.metadata,
            grid.orientation.exif,
            options.keep_date,
            pick.told_made,
        )
        data, dropped = with_segments(data, photo.mode, source.encoding(photo.icc, metadata))
    except PhotoError as e:
        raise ExportError(folder / f"{stem}{source.suffix}", e.reason, e.remedy) from e
    in_hdr = None
    if source.gain_map is not None:
        own = source.gain_map.cut_stored((grid.width, grid.height), (left, top, right, bottom))
        in_hdr = with_gain_map(data, own)
    told = losses(photo, source.metadata, source.format, options.metadata, in_hdr is not None)
    warnings = (*_warnings(plan), *told, *lost, *dropped)
    return EncodedFile(
        folder,
        stem,
        source.suffix,
        in_hdr or data,
        *plan.size,
        warnings,
        source.date_of_files,
        grid.snapped(plan.pixels),
    )


def format_of(photo: Photo, options: ExportOptions) -> tuple[str, str]:
    """Pillow's name of the target format, and the ending of its file."""
    if options.format != "keep":
        return FORMATS[options.format]
    if photo.format == RAW:
        return FORMATS["jpeg"]
    own = photo.path.suffix.lower()
    if own in _SUFFIXES.get(photo.format, ()):
        return photo.format, own
    return next(pair for pair in FORMATS.values() if pair[0] == photo.format)


def _fields(source: PhotoSource, pick: Pick, size: tuple[int, int]) -> file_names.NameFields:
    path = source.photo.path
    return file_names.NameFields(
        name=path.stem,
        aspect=pick.aspect.slug,
        rank=pick.rank,
        width=size[0],
        height=size[1],
        date=source.metadata.taken or changed_on(path),
        n=pick.n,
    )


def changed_on(path: Path) -> str:
    """The day of a file's last change as YYYY-MM-DD, or today."""
    try:
        return date.fromtimestamp(path.stat().st_mtime).isoformat()
    except (OSError, OverflowError, ValueError):
        return date.today().isoformat()


def _warnings(plan: render.Plan, paper: Paper | None = None) -> list[Message]:
    warnings = []
    if paper is not None:
        if paper.ppi / plan.scale < LEAST_PPI:
            warnings.append(
                Message(
                    "Printed at {paper} the crop has {ppi} pixels per inch; below {least} it looks soft.",
                    paper=paper.label,
                    ppi=round(paper.ppi / plan.scale),
                    least=LEAST_PPI,
                )
            )
    elif plan.scale > _ENLARGED:
        warnings.append(
            Message(
                "Enlarged {scale:.2f} times: the crop has fewer pixels than asked.",
                scale=plan.scale,
            )
        )
    if plan.trimmed:
        warnings.append(Message("The crop was trimmed to the ratio of the size asked for."))
    if plan.shrunk:
        warnings.append(
            Message("The crop reached over the edge of the straightened photo and was shrunk.")
        )
    return warnings


def _written(folder: Path, stem: str, suffix: str, data: bytes, tidy: bool) -> Path:
    wanted = folder / f"{stem}{suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write_new(folder, stem, suffix, data, tidy)
    except OSError as e:
        match e.errno:
            case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
                raise ExportError(
                    wanted, "The disk is full.", "Free some space or choose another folder."
                ) from e
            case errno.EACCES | errno.EPERM | errno.EROFS:
                reason = Message("{folder} may not be written to.", folder=folder)
            case errno.EEXIST | errno.ENOTDIR:
                reason = Message("{folder} is not a folder.", folder=folder)
            case _:
                reason = Message("could not be written: {reason}.", reason=system_reason(e))
        raise ExportError(wanted, reason, "Choose another folder.") from e

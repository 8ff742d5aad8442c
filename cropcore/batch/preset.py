"""Presets: the settings of a batch, and their JSON file.

A preset's file is a JSON object. Reading is strict: an unknown field or a wrong value is an error
that names the file, the field and what would be taken.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cropcore.errors import CropsightError, FileError, OptionError, PhotoError, system_reason
from cropcore.export import file_names
from cropcore.export.options import ExportOptions
from cropcore.files.export_folder import export_folder
from cropcore.files.own_files import NotOwnError, read_own
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.fixed_crop import BOX, CENTRE, FixedCrop
from cropcore.geometry.match import MatchPattern, match_pattern
from cropcore.geometry.safe_areas import PLACES
from cropcore.images.output_size import LARGEST_SIDE, Size
from cropcore.images.photo import Photo, read_photo
from cropcore.messages import Message
from cropcore.metadata.metadata import Keep

SCHEMA = 1
MOST_CROPS = 100
LONGEST_NAME = 80

_DEFAULTS = ExportOptions()
_FIELDS: dict[str, tuple[Any, Message]] = {
    "schema": (int, Message("the number {number}", number=SCHEMA)),
    "name": (str, Message("a name, in quotes")),
    "aspects": (list, Message('a list such as ["4:5", "circle"]')),
    "method": (str, Message('a method\'s name, such as "default"')),
    "k": (int, Message("a whole number from 1 to {most}", most=MOST_CROPS)),
    "tightness": ((int, float), Message("a number from 0 to 1")),
    "keep_own_crops": (bool, Message("true or false")),
    "keep_heads": (bool, Message("true or false")),
    "keep_text": (bool, Message("true or false")),
    "allow_incomplete": (bool, Message("true or false")),
    "turn_ratios": (bool, Message("true or false")),
    "beside_photos": (bool, Message("true or false")),
    "place": (str, Message('"story", "banner" or "avatar"')),
    "min_pixels": (int, Message("a whole number from 0 to {most}", most=LARGEST_SIDE)),
    "size": (
        (str, dict),
        Message(
            '"1080x1350", "2048" for the long side, "short:1080", "12MP", "10x15cm@300", or an object '
            "of these by aspect"
        ),
    ),
    "template": (str, Message('a template such as "{{name}}_{{aspect}}_{{rank}}"')),
    "format": (str, Message('a format such as "jpeg", or "keep"')),
    "quality": (int, Message("a whole number from 1 to {most}", most=100)),
    "metadata": (str, Message('"all", "no-location" or "none"')),
    "lossless": (bool, Message("true or false")),
    "source_quality": (bool, Message("true or false")),
    "keep_date": (bool, Message("true or false")),
    "background": (list, Message("three whole numbers from 0 to 255: red, green, blue")),
}
_USUAL = {
    "keep_own_crops": True,
    "keep_heads": True,
    "keep_text": False,
    "allow_incomplete": False,
    "turn_ratios": False,
    "beside_photos": False,
    "place": "",
    "lossless": False,
    "source_quality": False,
    "keep_date": False,
}
_NEEDED = ("schema", "name", "aspects")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class PresetError(FileError, OptionError):
    """A preset's file that cannot be read, understood or written."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What to make of every photo of a batch.

    Attributes:
        name: for people, unique among the presets but for upper and lower case.
        aspects: the wanted shapes, at least one; each gets its own files.
        method: one of the engine's, or ``default``; or ``centre`` or a crop such as ``box:0.1,0,0.9,1``, for
            which the engine is not asked; or a pattern such as ``match:head:0.3,0.2,0.7,0.6:0.8``, for one
            crop in which the subject lies like that.
        k: crops per photo and aspect.
        tightness: 0 keeps most of the photo, 1 little of it, 0.5 is no preference.
        keep_own_crops: whether a crop of the person's own that has the aspect is taken as it is.
        keep_heads: whether crops keep persons' heads whole wherever one of the aspect can.
        keep_text: whether they keep pieces of text whole too; needs the extra ``text``.
        allow_incomplete: whether a JPEG that ends too early is cropped with its missing rows grey, instead
            of counting as failed.
        turn_ratios: whether ratios, and exact sizes with them, lie level for wide photos and stand upright for
            tall ones.
        beside_photos: whether the files go to a folder ``Cropsight`` beside each photo.
        place: what the crops are for, a name of :data:`cropcore.geometry.safe_areas.PLACES`, or empty.
        min_pixels: the smallest allowed short side of a crop, in pixels of the photo.
        sizes: of the files, one per aspect; None leaves a crop's own pixels. Empty means all None.
        template: of the files' names, see :mod:`cropcore.export.file_names`.
        format, quality, metadata, background, lossless, source_quality, keep_date: as in
            :class:`~cropcore.export.options.ExportOptions`.

    Raises:
        OptionError: a value is none that a batch could use; the text begins with the field's name.
    """

    name: str
    aspects: tuple[Aspect, ...]
    method: str = "default"
    k: int = 1
    tightness: float = 0.5
    min_pixels: int = 0
    keep_own_crops: bool = True
    keep_heads: bool = True
    keep_text: bool = False
    allow_incomplete: bool = False
    turn_ratios: bool = False
    beside_photos: bool = False
    place: str = ""
    sizes: tuple[Size | None, ...] = ()
    template: str = _DEFAULTS.template
    format: str = _DEFAULTS.format
    quality: int = _DEFAULTS.quality
    metadata: Keep = _DEFAULTS.metadata
    background: tuple[int, int, int] = _DEFAULTS.background
    lossless: bool = False
    source_quality: bool = False
    keep_date: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME or _CONTROL.search(self.name):
            raise OptionError("name: takes 1 to {most} characters on one line.", most=LONGEST_NAME)
        # As they are written, so that a preset and its file never differ.
        aspects = tuple(_told("aspects", Aspect.parse, str(a)) for a in self.aspects)
        object.__setattr__(self, "aspects", aspects)
        if not aspects or len({a.slug for a in aspects}) < len(aspects):
            raise OptionError("aspects: takes at least one aspect, and none twice.")
        if self.turn_ratios and any(a.swapped() in aspects for a in aspects if a.swapped() != a):
            raise OptionError(
                "aspects: holds a ratio and its reverse, which are one as ratios turn."
            )
        if self.place and self.place not in PLACES:
            raise OptionError("place: takes {choices}, or nothing.", choices=", ".join(PLACES))
        if not self.method or _CONTROL.search(self.method):
            raise OptionError("method: takes a method's name, or default.")
        _told("method", lambda method: fixed_crop(method), self.method)
        _told("method", lambda method: match_pattern(method), self.method)
        if _CONTROL.search(self.template):
            raise OptionError("template: takes text on one line.")
        if not 1 <= self.k <= MOST_CROPS:
            raise OptionError("k: takes a whole number from 1 to {most}.", most=MOST_CROPS)
        if not 0 <= self.tightness <= 1:
            raise OptionError("tightness: takes a number from 0 to 1.")
        if not 0 <= self.min_pixels <= LARGEST_SIDE:
            raise OptionError(
                "min_pixels: takes a whole number from 0 to {most}.",
                most=LARGEST_SIDE,
            )
        object.__setattr__(self, "sizes", self.sizes or (None,) * len(aspects))
        if len(self.sizes) != len(aspects):
            raise OptionError("size: takes one size, or one for each aspect.")
        _told("template", file_names.check, self.template)
        for field in ("format", "quality", "metadata", "background"):
            _told(field, lambda value, of=field: ExportOptions(**{of: value}), getattr(self, field))

    @classmethod
    def of_aspect(cls, aspect: Aspect) -> Preset:
        """The plain preset of an aspect: its best crop, everything else as the photo has it."""
        return cls(str(aspect), (aspect,))

    def read_photo(self, path: Path) -> Photo:
        """Read a photo's header, as :func:`cropcore.images.photo.read_photo`.

        Raises:
            PhotoError: as there; or rows are missing, which the preset does not allow.
        """
        photo = read_photo(path)
        if photo.missing_rows and not self.allow_incomplete:
            raise PhotoError(
                path,
                "is incomplete: {count} rows of its pixels are missing.",
                "Copy it again from where it came from, or allow incomplete photos in the preset.",
                count=photo.missing_rows,
            )
        return photo

    def aspect_of(self, aspect: Aspect, photo: Photo) -> Aspect:
        """One of its aspects as a photo wants it."""
        return aspect.turned_for(photo.width, photo.height) if self.turn_ratios else aspect

    def size_of(self, aspect: Aspect) -> Size | None:
        """The size of the files of an aspect, be it turned; None for a crop's own pixels."""
        for known, size in zip(self.aspects, self.sizes, strict=True):
            if known == aspect:
                return size
            if self.turn_ratios and size is not None and known.swapped() == aspect:
                return size.swapped()
        return None

    def folder_of(self, photo: Path) -> Path | None:
        """Where the files of a photo go; None for the folder of the batch."""
        return export_folder(photo) if self.beside_photos else None

    @property
    def fixed_crop(self) -> FixedCrop | None:
        """The crop that its method applies to every photo; None where the engine is asked."""
        return fixed_crop(self.method)

    @property
    def pattern(self) -> MatchPattern | None:
        """The pattern that its method makes crops match; None where it is a method of the engine's own."""
        return match_pattern(self.method)

    def is_known(self, methods: Sequence[str]) -> bool:
        """Whether its method needs none but these of an engine."""
        own = self.fixed_crop is not None or self.pattern is not None
        return own or self.method in ("default", *methods)

    def options(self, folder: Path) -> ExportOptions:
        """How the files are written to a folder; their sizes go with each crop."""
        return ExportOptions(
            format=self.format,
            quality=self.quality,
            metadata=self.metadata,
            background=self.background,
            template=self.template,
            folder=folder,
            lossless=self.lossless,
            source_quality=self.source_quality,
            keep_date=self.keep_date,
        )

    @property
    def digest(self) -> str:
        """SHA-256 of all that bears on the files of a photo to which the person did nothing."""
        values = {
            k: v for k, v in self._values().items() if k not in ("name", "keep_own_crops", "place")
        }
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """The text of its file."""
        return json.dumps({"schema": SCHEMA, **self._values()}, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Preset:
        """Read what :meth:`to_json` writes; fields other than the name and the aspects may lack.

        Raises:
            OptionError: the text is no preset; it names the field and what would be taken.
        """
        try:
            values = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        except RecursionError:
            raise OptionError("is no JSON object that a preset could be.") from None
        except json.JSONDecodeError as error:
            raise OptionError(
                "is no JSON: {problem}, line {line}, column {column}.",
                problem=error.msg,
                line=error.lineno,
                column=error.colno,
            ) from None
        except OptionError:
            raise
        except ValueError:  # a number of thousands of digits
            raise OptionError("holds a number that is far too long.") from None
        if not isinstance(values, dict):
            raise OptionError("is no JSON object such as a preset is.")
        _check(values)
        return cls(**_arguments(values))

    def _values(self) -> dict[str, Any]:
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        sizes = values.pop("sizes")
        for name, usual in _USUAL.items():
            if values[name] == usual:
                del values[name]  # presets from before it was there have it as well
        values["aspects"] = [str(a) for a in self.aspects]
        values["background"] = list(self.background)
        if any(sizes):
            same = len(set(sizes)) == 1
            by_aspect = {str(a): str(s) for a, s in zip(self.aspects, sizes, strict=True) if s}
            values["size"] = str(sizes[0]) if same else by_aspect
        return values


def fixed_crop(method: str) -> FixedCrop | None:
    """The crop that a method's name means, None where it means one of the engine's.

    Raises:
        GeometryError: it begins like one and is none.
    """
    if method == CENTRE:
        return FixedCrop()
    kind, colon, numbers = method.partition(":")
    return FixedCrop.parse(numbers) if colon and kind == BOX else None


def read_preset(path: Path) -> Preset:
    """Read a preset's file.

    Raises:
        PresetError: there is no such file, or it is no preset.
    """
    try:
        text = read_own(path).decode("utf-8-sig")  # as Windows' editors write it
        return Preset.from_json(text)
    except FileNotFoundError:
        raise PresetError(path, "is not there.", "It may have been moved or renamed.") from None
    except NotOwnError as error:
        raise PresetError(path, error.reason, "Choose another file.") from error
    except OSError as error:
        raise PresetError(
            path,
            "could not be read: {reason}.",
            "Choose another file.",
            reason=system_reason(error),
        ) from error
    except UnicodeDecodeError as error:
        raise PresetError(path, "is no text in UTF-8.", "Choose a preset's file.") from error
    except OptionError as error:
        raise PresetError(path, error.message) from error


def _told(field: str, work: Any, value: Any) -> Any:
    try:
        return work(value)
    except CropsightError as error:
        raise OptionError("{field}: {reason}", field=field, reason=error.message) from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise OptionError("{field}: is there twice; leave one out.", field=twice)
    return values


def _no_number(text: str) -> None:
    raise OptionError("{text} is no number that a preset could hold.", text=text)


def _check(values: dict[str, Any]) -> None:
    """Raise OptionError where fields are missing, unknown or of another type."""
    schema = values.get("schema")
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        # Before anything else: a later preset may hold other things.
        raise OptionError(
            "schema: is {schema}, this version reads {known}. Update Cropsight to read it.",
            schema=schema,
            known=SCHEMA,
        )
    for name in _NEEDED:
        if name not in values:
            raise OptionError(
                "{field}: is missing; it takes {taken}.", field=name, taken=_FIELDS[name][1]
            )
    for name, value in values.items():
        if name not in _FIELDS:
            raise OptionError(
                "{field}: is no field of a preset; these are {fields}.",
                field=name,
                fields=", ".join(_FIELDS),
            )
        types, taken = _FIELDS[name]
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            raise OptionError(
                "{field}: is {value}; it takes {taken}.",
                field=name,
                value=json.dumps(value)[:60],
                taken=taken,
            )
    if schema != SCHEMA:
        raise OptionError(
            "schema: is {schema}; it takes {taken}.", schema=str(schema), taken=_FIELDS["schema"][1]
        )
    for name, kind in (("aspects", str), ("background", int)):
        for value in values.get(name, ()):
            if not isinstance(value, kind) or isinstance(value, bool):
                raise OptionError(
                    "{field}: holds {value}; it takes {taken}.",
                    field=name,
                    value=json.dumps(value)[:60],
                    taken=_FIELDS[name][1],
                )


def _arguments(values: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in values.items() if name != "schema"}
    aspects = tuple(_told("aspects", Aspect.parse, text) for text in values["aspects"])
    values["aspects"] = aspects
    if "background" in values:
        values["background"] = tuple(values["background"])
    if "size" in values:
        values["sizes"] = _sizes(values.pop("size"), aspects)
    return values


def _sizes(wanted: str | dict[str, Any], aspects: tuple[Aspect, ...]) -> tuple[Size | None, ...]:
    if isinstance(wanted, str):
        return (_told("size", Size.parse, wanted),) * len(aspects)
    sizes: dict[str, Size] = {}
    for key, text in wanted.items():
        slug = _told("size", Aspect.parse, key).slug
        if slug not in {a.slug for a in aspects}:
            raise OptionError("size: has {key!r}, which is none of the aspects.", key=key)
        if not isinstance(text, str) or slug in sizes:
            raise OptionError("size: takes one text such as 1080x1350 for {key}.", key=key)
        sizes[slug] = _told("size", Size.parse, text)
    return tuple(sizes.get(a.slug) for a in aspects)

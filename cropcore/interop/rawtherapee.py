"""RawTherapee's crop in ``NAME.EXT.pp3``: read, and merged into what is there.

It is in pixels of the photo as RawTherapee shows it: stored pixels, turned as the file says unless that
asks for a mirror image, then turned by its own coarse transformation. Straightened, the photo turns
about its centre in a canvas that keeps the photo's size.

Of a raw file RawTherapee shows all visible pixels but a border, not the default crop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from cropcore.errors import PhotoError, SidecarError
from cropcore.files.path_checks import file_stamp
from cropcore.files.photo_scan import is_raw_name
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.crop_json import MOST_DEGREES
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.straighten import fit_inside, without_empty_corners
from cropcore.images.photo import RAW, Photo
from cropcore.images.raw import read_raw_header
from cropcore.images.render import plan
from cropcore.interop.camera_raw import CameraRawCrop, from_camera_raw, to_camera_raw
from cropcore.interop.foreign_crop import ForeignCrop, FoundCrop, StoredPixels, about
from cropcore.interop.ini_lines import IniLines
from cropcore.interop.merge_file import merge_file, read_sidecar
from cropcore.interop.xmp_sidecar import HELD, State, WrittenSidecar
from cropcore.messages import NOTHING, Message

_CROP, _TURN, _COARSE = "Crop", "Rotation", "Coarse Transformation"
_COMMON = "Common Properties for Transformations"
_NEW = b"[Version]\nAppVersion=5.9\nVersion=349\n"
_LEFT = "It is left as it is."
_RAW_BORDER = 4
"""Pixels that RawTherapee cuts off at each side of a raw photo with a Bayer filter."""
_SLACK = 1.0
"""By how many pixels a crop may reach over the canvas, as rounded ones do."""

WARPED = Message(
    "RawTherapee changes the perspective before it crops, so that the crop may differ a little."
)
LENS = Message(
    "RawTherapee corrects the lens before it crops, so that the crop may differ a little."
)
UNKNOWN = Message("The crop there makes no sense and is left out.")
SET_RIGHT = Message("The crop there reaches over the photo's edge; it was set right.")


def pp3_path(photo: Path, folder: Path | None = None) -> Path:
    """Where RawTherapee keeps its settings of a photo."""
    return (folder or photo.parent) / f"{photo.name}.pp3"


def read_pp3(photo: Photo, stored: StoredPixels | None = None) -> FoundCrop:
    """The crop in RawTherapee's settings of a photo; whatever goes wrong becomes a notice."""
    path = pp3_path(photo.path)
    try:
        data = read_sidecar(path)
        if data is None:
            return FoundCrop()
        lines = IniLines(data)
    except SidecarError as e:
        return FoundCrop(notices=(e.message,))
    except ValueError:
        return FoundCrop(notices=(_not_understood(path).message,))
    if not _true(lines.get(_CROP, "Enabled")):
        return FoundCrop()
    stored = stored or StoredPixels.of(photo)
    shown = _shown(stored, lines)
    turn = stored.orientation.inverse.then(shown)
    try:
        frame = _frame(photo, stored)
    except PhotoError:  # told when the photo itself is read
        return FoundCrop()
    read = _read(lines, *frame.size(turn))
    moved = read and _reframed(read[0], frame, stored, turn)
    if read is None or moved is None:
        return FoundCrop(notices=(about(path, UNKNOWN),))
    crop, mended = moved, read[1]
    notices = (about(path, SET_RIGHT),) if mended else ()
    if crop == Crop():
        return FoundCrop(notices=notices)
    # In a mirrored photo, which RawTherapee shows as it is stored, only the person's own turn counts.
    coarse = _coarse(lines)
    if stored.orientation.mirrored and coarse == UPRIGHT:
        crop, turn = stored.orientation.crop(crop), UPRIGHT
    changed = file_stamp(path)[0] / 1e9
    return FoundCrop(
        ForeignCrop("rawtherapee", path, crop, turn, _approximate(lines), changed), notices
    )


def write_pp3(
    photo: Photo,
    crop: Crop,
    aspect: Aspect | None = None,
    folder: Path | None = None,
    replace: bool = False,
    make_for_raw: bool = False,
) -> WrittenSidecar:
    """Write a crop of a photo, which may be turned, into RawTherapee's settings of it.

    What else they hold stays, byte for byte. A raw file's settings are made anew only where
    ``make_for_raw`` asks for it: with a crop alone RawTherapee develops it neutrally.

    Args:
        photo: as the person turned it.
        crop: of that photo.
        aspect: the crop's, so that its pixels hold the ratio.
        folder: where the settings lie, if not beside the photo.
        replace: whether another crop there is replaced.
        make_for_raw: whether settings of a raw file are made where there are none.

    Raises:
        SidecarError: the crop cannot be told to RawTherapee, or the file cannot be read, understood
            or written; it is left as it was.
        PhotoError: the photo cannot be read.
    """
    path = pp3_path(photo.path, folder)
    stored = StoredPixels.of(photo)
    raw = is_raw_name(photo.path.name)
    notices = []
    state: State = "same"

    def change(data: bytes | None) -> bytes | None:
        nonlocal state
        if data is None and raw and not make_for_raw:
            raise SidecarError(
                path,
                "is not there, and a new one would let RawTherapee develop the photo neutrally.",
                "Open the raw file in RawTherapee first, or ask for new files for raw photos.",
            )
        state = "made" if data is None else "changed"
        lines = IniLines(_NEW if data is None else data)
        wanted = _values(lines, path, photo, crop, aspect or Aspect("free"), stored)
        if _true(lines.get(_CROP, "Enabled")):
            if all(lines.get(_CROP, key) == wanted[_CROP][key] for key in "XYWH") and (
                _number(lines.get(_TURN, "Degree"), 0) == float(wanted[_TURN]["Degree"])
            ):
                state = "same"
                return None
            if not replace:
                state = "kept"
                return None
        for group, values in wanted.items():
            lines.set(group, values)
        return lines.data

    try:
        merge_file(path, change)
    except ValueError as e:
        raise _not_understood(path) from e
    if state == "kept":
        notices.append(about(path, HELD))
    if state == "made" and raw:
        notices.append(
            Message(
                "{file}: is new; RawTherapee develops the photo neutrally until you do it there.",
                file=path.name,
            )
        )
    return WrittenSidecar(path, state, tuple(notices))


def _values(
    lines: IniLines, path: Path, photo: Photo, crop: Crop, aspect: Aspect, stored: StoredPixels
) -> dict[str, dict[str, str]]:
    """What is to be set in each group."""
    whole = stored.orientation.then(photo.turn)
    first = _by_file(stored)
    wanted: dict[str, dict[str, str]] = {}
    shown = first.then(_coarse(lines))
    if photo.turn != UPRIGHT:
        coarse = first.inverse.then(whole)
        wanted[_COARSE] = _coarse_values(coarse)
        shown = whole
    crop = without_empty_corners(crop, photo.width, photo.height)
    frame = _frame(photo, stored)
    moved = _reframed(crop, stored, frame, photo.turn)
    if moved is None:
        raise SidecarError(path, "cannot hold the crop.", "Make the crop larger.")
    crop = whole.inverse.then(shown).crop(moved)
    width, height = frame.size(stored.orientation.inverse.then(shown))
    if whole.swaps_sides != shown.swaps_sides:
        aspect = Aspect("free")
    planned = plan(width, height, crop, aspect)
    wide, high = planned.pixels[2] - planned.pixels[0], planned.pixels[3] - planned.pixels[1]
    if crop.angle:
        middle_x = width / 2 + ((crop.box[0] + crop.box[2]) / 2 - 0.5) * planned.canvas[0]
        middle_y = height / 2 + ((crop.box[1] + crop.box[3]) / 2 - 0.5) * planned.canvas[1]
        left, top = round(middle_x - wide / 2), round(middle_y - high / 2)
        beyond = max(-left, -top, left + wide - width, top + high - height)
        if beyond > _SLACK:
            raise SidecarError(
                path,
                "cannot hold the crop: RawTherapee keeps the photo's size when it straightens, and "
                "the crop leaves that.",
                "Make the crop smaller, or straighten by less.",
            )
        left, top = max(0, min(left, width - wide)), max(0, min(top, height - high))
        wide, high = min(wide, width), min(high, height)
    else:
        left, top = planned.pixels[0], planned.pixels[1]
    sides = {"X": left, "Y": top, "W": wide, "H": high}
    wanted[_CROP] = {"Enabled": "true", **{key: str(value) for key, value in sides.items()}}
    if lines.get(_CROP, "FixedRatio") is not None:
        wanted[_CROP]["FixedRatio"] = "false"
    wanted[_TURN] = {"Degree": _text(-crop.angle)}
    if crop.angle:
        # The default fills the frame, which scales the photo.
        wanted[_COMMON] = {"AutoFill": "false"}
    return wanted


def _read(lines: IniLines, width: int, height: int) -> tuple[Crop, bool] | None:
    """The crop of a photo as RawTherapee shows it, and whether it had to be set right."""
    x, y, wide, high = (_number(lines.get(_CROP, key), math.nan) for key in "XYWH")
    degrees = _number(lines.get(_TURN, "Degree"), 0)
    if not all(map(math.isfinite, (x, y, wide, high, degrees))) or abs(degrees) > MOST_DEGREES:
        return None
    if wide < 1 or high < 1 or x >= width or y >= height or x + wide <= 0 or y + high <= 0:
        return None
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + wide, width), min(y + high, height)
    canvas = rotated_size(width, height, degrees)
    box: Box = (
        (left - width / 2) / canvas[0] + 0.5,
        (top - height / 2) / canvas[1] + 0.5,
        (right - width / 2) / canvas[0] + 0.5,
        (bottom - height / 2) / canvas[1] + 0.5,
    )
    beyond = max(left - x, top - y, x + wide - right, y + high - bottom)
    if degrees:
        x1, y1, x2, y2 = fit_inside(box, width, height, -degrees).tolist()
        moved = max(abs(a - b) for a, b in zip(box, (x1, y1, x2, y2), strict=True))
        beyond = max(beyond, moved * max(canvas))
        box = x1, y1, x2, y2
    return Crop(box, "rect", -degrees + 0.0), beyond > 2 * _SLACK


@dataclass(frozen=True, slots=True)
class _Frame(StoredPixels):
    """The stored pixels that RawTherapee shows; they begin at ``left`` and ``top`` of the photo's."""

    left: int = 0
    top: int = 0


def _frame(photo: Photo, stored: StoredPixels) -> _Frame:
    if photo.format != RAW:
        return _Frame(stored.width, stored.height, stored.orientation)
    header = read_raw_header(photo.path)
    width, height = (side - 2 * _RAW_BORDER for side in header.visible)
    left, top = (_RAW_BORDER - side for side in header.crop[:2])
    return _Frame(width, height, stored.orientation, left, top)


def _reframed(
    crop: Crop, before: StoredPixels, after: StoredPixels, turn: Orientation
) -> Crop | None:
    """The crop that cuts out the same of another frame; both turned by ``turn``."""
    moved = [
        (frame.left, frame.top) if isinstance(frame, _Frame) else (0, 0)
        for frame in (before, after)
    ]
    x, y = moved[0][0] - moved[1][0], moved[0][1] - moved[1][1]
    if (x, y) == (0, 0) and (before.width, before.height) == (after.width, after.height):
        return crop
    orientation = before.orientation.then(turn)
    values = to_camera_raw(crop, *before.size(turn), orientation)
    there = CameraRawCrop(
        (values.left * before.width + x) / after.width,
        (values.top * before.height + y) / after.height,
        (values.right * before.width + x) / after.width,
        (values.bottom * before.height + y) / after.height,
        values.angle,
    )
    found = from_camera_raw(there, *after.size(turn), orientation)
    return None if found is None else found[0]


def _by_file(stored: StoredPixels) -> Orientation:
    """How RawTherapee turns the stored pixels by what the file says: it mirrors none."""
    return UPRIGHT if stored.orientation.mirrored else stored.orientation


def _shown(stored: StoredPixels, lines: IniLines) -> Orientation:
    return _by_file(stored).then(_coarse(lines))


def _coarse(lines: IniLines) -> Orientation:
    """The coarse transformation: a turn, then mirrored."""
    degrees = _number(lines.get(_COARSE, "Rotate"), 0)
    turn = Orientation.of_exif({90: 6, 180: 3, 270: 8}.get(round(degrees) % 360, 1))
    if _true(lines.get(_COARSE, "HorizontalFlip")):
        turn = turn.then(Orientation(0, True))
    if _true(lines.get(_COARSE, "VerticalFlip")):
        turn = turn.then(Orientation(180, True))
    return turn


def _coarse_values(wanted: Orientation) -> dict[str, str]:
    # Mirrored before the turn, as it is here, is mirrored after the opposite turn.
    degrees = -wanted.rotation % 360 if wanted.mirrored else wanted.rotation
    return {
        "Rotate": str(degrees),
        "HorizontalFlip": str(wanted.mirrored).lower(),
        "VerticalFlip": "false",
    }


def _approximate(lines: IniLines) -> Message:
    for key in ("Horizontal", "Vertical"):
        if _number(lines.get("Perspective", key), 0):
            return WARPED
    if _number(lines.get("Distortion", "Amount"), 0):
        return LENS
    method = lines.get("LensProfile", "LcMode")
    return (
        LENS
        if method not in (None, "none", "")
        and _true(lines.get("LensProfile", "UseDistortion") or "true")
        else NOTHING
    )


def _true(text: str | None) -> bool:
    return (text or "").lower() in ("true", "1")


def _number(text: str | None, otherwise: float) -> float:
    try:
        return otherwise if text is None else float(text)
    except ValueError:
        return math.nan


def _text(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _not_understood(path: Path) -> SidecarError:
    return SidecarError(path, "is no settings file of RawTherapee.", _LEFT)

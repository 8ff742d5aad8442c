"""Sidecars as JSON, schema 1.

A reader keeps the fields that it does not know of the sidecar, its photo and its crops, so that a
later version may add some there. Whatever else changes needs a new schema, which older versions
refuse.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from cropcore.errors import CropsightError, DataError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.crop_json import angle_in, area_in, box_in, number_in, whole_in
from cropcore.geometry.heads import NOTHING_CORRECTED, HeadCorrections
from cropcore.geometry.orientation import Orientation
from cropcore.sidecar.sidecar import (
    LATEST,
    NEVER,
    Change,
    DatedValue,
    PhotoFacts,
    SavedCrop,
    Sidecar,
)

SCHEMA = 1
_LARGEST_COUNT = 2**31 - 1
_MOST_BYTES = 2**63 - 1

_T = TypeVar("_T")


class DamagedError(CropsightError, ValueError):
    """The text is no sidecar; says why."""


class NewerError(CropsightError, ValueError):
    """The sidecar has a schema of a later version."""


def to_json(sidecar: Sidecar) -> bytes:
    """A sidecar as JSON text, in ASCII so that any name of a photo can be written."""
    data: dict[str, Any] = {"schema": SCHEMA, "photo": _photo_out(sidecar.photo)}
    data["crops"] = [_crop_out(crop) for crop in sidecar.crops]
    data["removed"] = {key: _time_out(at) for key, at in sidecar.removed.items()}
    turn = sidecar.orientation.value
    data["flag"] = _decided_out(sidecar.flag, sidecar.flag.value)
    data["orientation"] = _decided_out(
        sidecar.orientation, {"rotation": turn.rotation, "mirrored": turn.mirrored}
    )
    data["protect"] = _decided_out(sidecar.protect, [list(b) for b in sidecar.protect.value])
    if sidecar.heads != DatedValue(NOTHING_CORRECTED):
        data["heads"] = _decided_out(sidecar.heads, asdict(sidecar.heads.value))
    return (json.dumps({**sidecar.extra, **data}, indent=1) + "\n").encode("ascii")


def from_json(text: bytes) -> Sidecar:
    """The sidecar in a JSON text.

    Raises:
        NewerError: it has a schema of a later version.
        DamagedError: it is no JSON, or not that of a sidecar.
    """
    try:
        data = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as e:
        raise DamagedError("it is no JSON") from e
    top = _Fields(data, "the sidecar")
    schema = top.take("schema", _count)
    if schema > SCHEMA:
        raise NewerError("schema {schema}", schema=schema)
    if schema < 1:
        raise DamagedError("there is no schema {schema}", schema=schema)
    photo = top.take("photo", _photo_in)
    return Sidecar(
        photo=photo,
        crops=top.take("crops", lambda v: tuple(_crop_in(c) for c in _list(v))),
        removed=top.take("removed", _removed_in, {}),
        flag=top.take("flag", lambda v: _decided_in(v, _flag), DatedValue("none")),
        orientation=top.take(
            "orientation", lambda v: _decided_in(v, _orientation), DatedValue(Orientation())
        ),
        protect=top.take("protect", lambda v: _decided_in(v, _boxes), DatedValue(())),
        heads=top.take("heads", lambda v: _decided_in(v, _heads), DatedValue(NOTHING_CORRECTED)),
        extra=top.rest,
    )


def _photo_out(photo: PhotoFacts) -> dict[str, Any]:
    own = {
        "file": photo.name,
        "width": photo.width,
        "height": photo.height,
        "bytes": photo.length,
        "digest": photo.digest,
    }
    return {**photo.extra, **own}


def _photo_in(value: object) -> PhotoFacts:
    fields = _Fields(value, "photo")
    return PhotoFacts(
        name=fields.take("file", _text),
        width=fields.take("width", _count),
        height=fields.take("height", _count),
        length=fields.take("bytes", lambda v: whole_in(v, 0, _MOST_BYTES)),
        digest=fields.take("digest", _text),
        extra=fields.rest,
    )


def _crop_out(saved: SavedCrop) -> dict[str, Any]:
    crop = saved.crop
    own = {
        "id": saved.id,
        "box": list(crop.box),
        "shape": crop.shape,
        "angle": crop.angle,
        "aspect": _aspect_out(saved.aspect),
        "method": saved.method,
        "score": saved.score,
        "confidence": saved.confidence,
        "weights_sha256": saved.weights_sha256,
        "tightness": saved.tightness,
        "origin": None if saved.origin is None else _origin_out(saved.origin, crop),
        "changes": [_change_out(change) for change in saved.changes],
    }
    return {**saved.extra, **own}


def _crop_in(value: object) -> SavedCrop:
    fields = _Fields(value, "a crop")
    crop = Crop(
        fields.take("box", box_in), fields.take("shape", _shape), fields.take("angle", angle_in)
    )
    return SavedCrop(
        id=fields.take("id", _text),
        crop=crop,
        aspect=fields.take("aspect", _aspect_in),
        changes=fields.take("changes", lambda v: tuple(_change_in(c) for c in _list(v))),
        method=fields.take("method", _or_none(_text), None),
        score=fields.take("score", _or_none(lambda v: number_in(v, 0, 100)), None),
        confidence=fields.take("confidence", _or_none(_share), None),
        weights_sha256=fields.take("weights_sha256", _or_none(_text), None),
        tightness=fields.take("tightness", _or_none(_share), None),
        origin=fields.take("origin", _or_none(lambda v: _origin_in(v, crop)), None),
        extra=fields.rest,
    )


def _origin_out(origin: Crop, crop: Crop) -> dict[str, Any]:
    """With the crop that it is the origin of: a version that does not know it may move that alone."""
    of = {"box": list(crop.box), "angle": crop.angle}
    return {"box": list(origin.box), "angle": origin.angle, "of": of}


def _origin_in(value: object, crop: Crop) -> Crop | None:
    fields = _Fields(value, "an origin")
    origin = replace(crop, box=fields.take("box", box_in), angle=fields.take("angle", angle_in))
    of = _Fields(fields.rest.get("of"), "what an origin is of")
    made = of.take("box", box_in), of.take("angle", angle_in)
    return origin if made == (crop.box, crop.angle) else None


def _change_out(change: Change) -> dict[str, Any]:
    own = {"what": change.what, "at": _time_out(change.at)}
    return own if change.candidate is None else {**own, "candidate": change.candidate}


def _change_in(value: object) -> Change:
    fields = _Fields(value, "a change")
    return Change(
        fields.take("what", _text),
        fields.take("at", _time_in),
        fields.take("candidate", _or_none(_count), None),
    )


def _decided_out(decided: DatedValue[Any], value: object) -> dict[str, Any]:
    return {"value": value, "at": _time_out(decided.at)}


def _decided_in(value: object, read: Callable[[object], _T]) -> DatedValue[_T]:
    fields = _Fields(value, "a decision")
    return DatedValue(fields.take("value", read), fields.take("at", _time_in))


def _removed_in(value: object) -> dict[str, datetime]:
    return {key: _time_in(at) for key, at in _Fields(value, "removed").rest.items()}


def _aspect_out(aspect: Aspect) -> object:
    terms = aspect.width, aspect.height
    if aspect.kind == "ratio" and any("e" in f"{t:g}" or float(f"{t:g}") != t for t in terms):
        return list(terms)  # the text would be a slightly different ratio, or none
    return str(aspect)


def _aspect_in(value: object) -> Aspect:
    if isinstance(value, str):
        return Aspect.parse(value)
    width, height = (number_in(term) for term in _list(value))
    return Aspect("ratio", width, height)


def _no_number(text: str) -> None:
    raise DataError("{text} is no number", text=text)


def _time_out(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _time_in(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if not NEVER <= at < LATEST:
        raise DataError(
            "{text} is no time from {first} to {last}",
            text=str(value),
            first=NEVER.year,
            last=LATEST.year,
        )
    return at


def _orientation(value: object) -> Orientation:
    fields = _Fields(value, "orientation")
    rotation = fields.take("rotation", lambda v: whole_in(v, 0, 270))
    return Orientation(rotation, fields.take("mirrored", _truth))  # type: ignore[arg-type]


def _flag(value: object) -> Any:
    return _one_of(value, "none", "star", "reject")


def _shape(value: object) -> Any:
    return _one_of(value, "rect", "circle")


def _boxes(value: object) -> tuple[Box, ...]:
    return tuple(area_in(box) for box in _list(value))


def _heads(value: object) -> HeadCorrections:
    fields = _Fields(value, "heads")
    return HeadCorrections(fields.take("dismissed", _boxes), fields.take("drawn", _boxes))


def _one_of(value: object, *known: str) -> str:
    if value not in known:
        raise DataError("{value} is none of {known}", value=repr(value), known=", ".join(known))
    return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise DataError("it is no text")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise DataError("it is neither true nor false")
    return value


def _count(value: object) -> int:
    return whole_in(value, 0, _LARGEST_COUNT)


def _share(value: object) -> float:
    return min(max(number_in(value, 0.0, 1.0), 0.0), 1.0)


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise DataError("it is no list")
    return value


def _or_none(read: Callable[[object], _T]) -> Callable[[object], _T | None]:
    return lambda value: None if value is None else read(value)


_REQUIRED: Any = object()


@dataclass
class _Fields:
    """An object of the JSON, from which known fields are taken one by one; ``rest`` is what is left."""

    rest: dict[str, Any]

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, Mapping):
            raise DamagedError("{field} is no object", field=what)
        self.rest = dict(value)

    def take(self, name: str, read: Callable[[Any], _T], default: _T = _REQUIRED) -> _T:
        if name not in self.rest:
            if default is _REQUIRED:
                raise DamagedError("{field} is missing", field=name)
            return default
        try:
            return read(self.rest.pop(name))
        except DamagedError:
            raise
        except (ValueError, OverflowError) as e:
            problem = e.message if isinstance(e, CropsightError) else str(e)
            raise DamagedError("{field}: {problem}", field=name, problem=problem) from e

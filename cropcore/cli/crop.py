"""``cropcore crop``: ranked crops of photos, printed and exported."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cropcore.batch import result_json
from cropcore.cli.console import Console, UsageError, make_folder
from cropcore.cli.load_engine import choose_methods, load_engine
from cropcore.cli.sidecars import check_arguments, sidecar_entry, sidecar_lines, sidecar_writer
from cropcore.errors import CropsightError, told_by_photo
from cropcore.export.export import Pick
from cropcore.export.options import ExportOptions
from cropcore.export.write_queue import WriteEvent, WriteQueue, WriteRequest
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Suggestions
from cropcore.geometry.fixed_crop import FixedCrop
from cropcore.geometry.match import MatchPattern
from cropcore.images.lossless_jpeg import cuts_lossless
from cropcore.images.output_size import Size
from cropcore.images.photo import Photo, read_photo
from cropcore.interop.sidecar_writer import SidecarWriter

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine

_DOUBTS: dict[str, str] = {
    "missing": "no such subject found",
    "several": "several that could be meant",
    "uncertain": "not measured well",
    "beyond": "no room for it",
}
LISTED = 10
"""Candidates in the result without ``-k``; the first alone is then exported."""


def run(args: argparse.Namespace) -> int:
    """Crop every photo for every aspect; returns the exit status.

    Raises:
        CropsightError: nothing could be done at all (options, device, weights).
    """
    with Console(args) as console:
        options = ExportOptions(
            format=args.format,
            quality=args.quality or ExportOptions().quality,
            source_quality=args.quality is None,
            lossless=args.lossless,
            keep_date=args.keep_date,
            size=None if args.size is None else Size.parse(args.size),
            metadata=args.metadata,
            folder=args.out,
        )
        check_arguments(args)
        if args.lossless and not cuts_lossless():
            raise UsageError(
                "--lossless needs the library libturbojpeg: install it, for example with "
                "apt install libturbojpeg0."
            )
        if args.out is not None:
            make_folder(args.out)
        engine = load_engine(args.device, console, args.weights) if args.box is None else None
        if engine is not None and args.match is not None:
            args.method = matching(engine, *args.match).method
            console.say(f"Method {args.method}")
        methods = choose_methods(args.method, engine.methods) if engine else [args.box.name]
        writer = sidecar_writer(args)
        cropping = _Cropping(engine, methods, args, options, console, writer)
        with closing(WriteQueue[_PhotoInWork]().run(cropping.requests())) as events:
            photos = [entry for event in events if (entry := cropping.take(event)) is not None]
        if writer is not None:
            console.say(*sidecar_lines(writer))
        if unsure := [photo["file"] for photo in photos if _is_unsure(photo)]:
            console.say(f"Not sure of {len(unsure)} of {len(photos)}:", *unsure)
        return console.finish({"schema": 1, "photos": photos, "failures": console.failures_json()})


def matching(engine: CropEngine, path: Path, box: FixedCrop) -> MatchPattern:
    """The pattern of a box of a photo.

    Raises:
        CropsightError: the photo cannot be read, the box is beyond it, or there is no subject in it.
    """
    photo = read_photo(path)
    with told_by_photo():
        return engine.pattern(
            engine.encode(photo), box.crop(photo.width, photo.height, Aspect("free"))
        )


@dataclasses.dataclass(slots=True)
class _PhotoInWork:
    """A photo, its entry in the JSON, its first suggestions, the part of the entry that is of each crop to be
    written, and what is to be told of it in its turn.
    """  # fmt: skip

    path: Path
    entry: dict[str, Any] | None = None
    first: tuple[Photo, Suggestions] | None = None
    crops: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    error: CropsightError | None = None


@dataclasses.dataclass(frozen=True)
class _Cropping:
    """What stays the same from photo to photo."""

    engine: CropEngine | None
    methods: Sequence[str]
    args: argparse.Namespace
    options: ExportOptions
    console: Console
    sidecars: SidecarWriter | None

    def requests(self) -> Iterator[WriteRequest[_PhotoInWork]]:
        """The crops to be written of each photo; none without ``--out``."""
        for index, path in enumerate(self.args.photos):
            self.console.progress(index, len(self.args.photos), str(path))
            work = _PhotoInWork(path)
            photo: Photo | None = None
            picks: list[Pick] = []
            try:
                photo = read_photo(path)
                asked = self._ask(photo, work)
                work.first = (photo, asked[0])
                if self.args.out is not None:
                    picks = self._picks(asked, work)
            except CropsightError as error:
                work.error = error
            yield WriteRequest(photo, picks, self.options, work)

    def take(self, event: WriteEvent[_PhotoInWork]) -> dict[str, Any] | None:
        """Note what became of a crop; at a photo's end tell of it, and return its entry if it has one."""
        work = event.request.tag
        if event.exported is not None and event.index is not None:
            done = event.exported
            work.crops[event.index]["output"] = str(done.path)
            if done.pixels is not None:
                work.crops[event.index]["pixels"] = list(done.pixels)
            work.warnings += [f"{done.path}: {warning}" for warning in done.warnings]
        if event.error is not None and work.error is None:
            work.error = event.error
        if event.state != "ended":
            return None
        for text in work.warnings:
            self.console.warn(text)
        if work.error is not None:
            self.console.fail(str(work.path), work.error)
        if work.entry is not None:
            if self.sidecars is not None and work.first is not None:
                photo, found = work.first
                crop, aspect = found[0].crop, found.aspect
                work.entry |= sidecar_entry(self.sidecars, photo, crop, aspect, self.console)
            self.console.say(*lines(work.entry))
        return work.entry

    def _ask(self, photo: Photo, work: _PhotoInWork) -> list[Suggestions]:
        """What is suggested for a photo, for each aspect by each method; it is noted in the entry."""
        scene: Any = None
        if self.engine is not None:
            with told_by_photo():
                scene = self.engine.encode(photo)
        work.warnings += [f"{work.path}: {note}" for note in photo.notes]
        work.entry = entry = {
            "file": str(work.path),
            "width": photo.width,
            "height": photo.height,
            "heads": [[round(side, 6) for side in head] for head in scene.heads] if scene else [],
            "results": [],
        }
        asked = self._suggestions(photo, scene)
        entry["results"] = [result_json.result(photo, suggestions) for suggestions in asked]
        return asked

    def _suggestions(self, photo: Photo, scene: Any) -> list[Suggestions]:
        """For each aspect by each method, or the given box fitted to each aspect."""
        aspects = self.args.aspect or [Aspect("free")]
        if self.engine is None:
            box: FixedCrop = self.args.box
            return [box.suggestions(photo.width, photo.height, aspect) for aspect in aspects]
        later: dict[str, Any] = {"also": self.args.also} if self.args.also else {}
        if self.args.keep_heads == "no":
            later["heads"] = ()
        if self.args.keep_text == "yes":
            later["keep_text"] = True
        with told_by_photo():
            return [
                self.engine.suggest(scene, aspect, k=self.args.k or LISTED, method=method, **later)
                for aspect in aspects
                for method in self.methods
            ]

    def _picks(self, asked: Sequence[Suggestions], work: _PhotoInWork) -> list[Pick]:
        """The best crops by each method; the place in the entry of each is noted."""
        assert work.entry is not None
        picks = []
        for method in self.methods:
            # Every method's files have the same names: a folder each keeps them apart.
            folder = self.args.out / method if len(self.methods) > 1 else None
            for suggestions, result in zip(asked, work.entry["results"], strict=True):
                if suggestions.method != method:
                    continue
                best = suggestions.candidates[: self.args.k or 1]
                for candidate, entry in zip(best, result["candidates"], strict=False):
                    rank = candidate.rank
                    picks.append(Pick(candidate.crop, suggestions.aspect, rank, folder=folder))
                    picks += [Pick(n.crop, n.aspect, rank, folder=folder) for n in candidate.nested]
                    work.crops += [entry, *entry.get("nested", ())]
        return picks


def lines(entry: dict[str, Any]) -> Iterator[str]:
    """A photo's entry, as in the JSON, for a person."""
    yield f"{entry['file']}  {entry['width']} x {entry['height']}"
    for result in entry["results"]:
        aspect = result["aspect"].replace("x", ":")
        doubts = ", ".join(_DOUBTS[doubt] for doubt in result.get("doubts", ()))
        unsure = f"  not sure: {doubts}" if doubts else ""
        yield f"  {aspect}  {result['method']}  confidence {result['confidence']:.2f}{unsure}"
        for candidate in result["candidates"]:
            yield _line(f"{candidate['rank']:>4}", candidate)
            for nested in candidate.get("nested", ()):
                name = nested["aspect"].replace("x", ":")
                yield _line(f"{'':4}", nested) + f"  ({name} inside)"


def _is_unsure(entry: dict[str, Any]) -> bool:
    return any(result.get("doubts") for result in entry["results"])


def _line(head: str, crop: dict[str, Any]) -> str:
    left, top, right, bottom = crop["pixels"]
    size, place = f"{right - left} x {bottom - top}", f"at {left}, {top}"
    score = "" if crop["score"] is None else f"score {crop['score']:.0f}"
    output = f"-> {crop['output']}" if "output" in crop else ""
    return f"  {head}  {size:<13}  {place:<14}  {score:<9} {output}".rstrip()

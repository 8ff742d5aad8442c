"""``cropcore crop``: ranked crops of photos, printed and exported."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cropcore.batch import result_json
from cropcore.cli.console import Console, make_folder
from cropcore.cli.load_engine import choose_methods, load_engine
from cropcore.cli.sidecars import check_arguments, sidecar_entry, sidecar_lines, sidecar_writer
from cropcore.errors import CropsightError, told_by_photo
from cropcore.export.export import Pick, export_crops
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Suggestions
from cropcore.geometry.fixed_crop import FixedCrop
from cropcore.images.output_size import Size
from cropcore.images.photo import Photo, read_photo
from cropcore.interop.sidecar_writer import SidecarWriter

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine

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
            quality=args.quality,
            size=None if args.size is None else Size.parse(args.size),
            metadata=args.metadata,
            folder=args.out,
        )
        check_arguments(args)
        if args.out is not None:
            make_folder(args.out)
        engine = load_engine(args.device, console) if args.box is None else None
        methods = choose_methods(args.method, engine.methods) if engine else [args.box.name]
        writer = sidecar_writer(args)
        cropping = _Cropping(engine, methods, args, options, console, writer)
        photos = []
        for index, path in enumerate(args.photos):
            console.progress(index, len(args.photos), str(path))
            entry = cropping.photo(path)
            if entry is not None:
                photos.append(entry)
        if writer is not None:
            console.say(*sidecar_lines(writer))
        return console.finish({"schema": 1, "photos": photos, "failures": console.failures_json()})


@dataclasses.dataclass(frozen=True)
class _Cropping:
    """What stays the same from photo to photo."""

    engine: CropEngine | None
    methods: Sequence[str]
    args: argparse.Namespace
    options: ExportOptions
    console: Console
    sidecars: SidecarWriter | None

    def photo(self, path: Path) -> dict[str, Any] | None:
        """One photo's entry; None where nothing could be said about it."""
        try:
            photo = read_photo(path)
            scene: Any = None
            if self.engine is not None:
                with told_by_photo():
                    scene = self.engine.encode(photo)
        except CropsightError as error:
            self.console.fail(str(path), error)
            return None
        for note in photo.notes:
            self.console.warn(f"{path}: {note}")
        entry: dict[str, Any] = {
            "file": str(path),
            "width": photo.width,
            "height": photo.height,
            "heads": [[round(side, 6) for side in head] for head in scene.heads] if scene else [],
            "results": [],
        }
        try:
            asked = self._suggestions(photo, scene)
            entry["results"] = [result_json.result(photo, suggestions) for suggestions in asked]
            if self.args.out is not None:
                for method in self.methods:
                    self._export(method, photo, asked, entry["results"])
        except CropsightError as error:
            # Such as a full disk: the next crop would fail alike, the next photo might not.
            self.console.fail(str(path), error)
        if self.sidecars is not None and entry["results"]:
            first = asked[0]
            entry |= sidecar_entry(self.sidecars, photo, first[0].crop, first.aspect, self.console)
        self.console.say(*lines(entry))
        return entry

    def _suggestions(self, photo: Photo, scene: Any) -> list[Suggestions]:
        """For each aspect by each method, or the given box fitted to each aspect."""
        aspects = self.args.aspect or [Aspect("free")]
        if self.engine is None:
            box: FixedCrop = self.args.box
            return [box.suggestions(photo.width, photo.height, aspect) for aspect in aspects]
        later: dict[str, Any] = {"also": self.args.also} if self.args.also else {}
        if self.args.keep_heads == "no":
            later["heads"] = ()
        with told_by_photo():
            return [
                self.engine.suggest(scene, aspect, k=self.args.k or LISTED, method=method, **later)
                for aspect in aspects
                for method in self.methods
            ]

    def _export(
        self,
        method: str,
        photo: Photo,
        asked: Sequence[Suggestions],
        results: Sequence[dict[str, Any]],
    ) -> None:
        """Write the best crops by one method and note each file in its candidate's entry."""
        options = self.options
        if len(self.methods) > 1:
            # Every method's files have the same names: a folder each keeps them apart.
            folder = self.args.out / method
            make_folder(folder)
            options = dataclasses.replace(options, folder=folder)
        picks, entries = [], []
        for suggestions, result in zip(asked, results, strict=True):
            if suggestions.method == method:
                best = suggestions.candidates[: self.args.k or 1]
                for candidate, entry in zip(best, result["candidates"], strict=False):
                    rank = candidate.rank
                    picks.append(Pick(candidate.crop, suggestions.aspect, rank))
                    picks += [Pick(n.crop, n.aspect, rank) for n in candidate.nested]
                    entries += [entry, *entry.get("nested", ())]
        # Written one by one: what was exported before an error stays noted.
        for entry, done in zip(entries, export_crops(photo, picks, options), strict=True):
            entry["output"] = str(done.path)
            for warning in done.warnings:
                self.console.warn(f"{done.path}: {warning}")


def lines(entry: dict[str, Any]) -> Iterator[str]:
    """A photo's entry, as in the JSON, for a person."""
    yield f"{entry['file']}  {entry['width']} x {entry['height']}"
    for result in entry["results"]:
        aspect = result["aspect"].replace("x", ":")
        yield f"  {aspect}  {result['method']}  confidence {result['confidence']:.2f}"
        for candidate in result["candidates"]:
            yield _line(f"{candidate['rank']:>4}", candidate)
            for nested in candidate.get("nested", ()):
                name = nested["aspect"].replace("x", ":")
                yield _line(f"{'':4}", nested) + f"  ({name} inside)"


def _line(head: str, crop: dict[str, Any]) -> str:
    left, top, right, bottom = crop["pixels"]
    size, place = f"{right - left} x {bottom - top}", f"at {left}, {top}"
    score = "" if crop["score"] is None else f"score {crop['score']:.0f}"
    output = f"-> {crop['output']}" if "output" in crop else ""
    return f"  {head}  {size:<13}  {place:<14}  {score:<9} {output}".rstrip()

"""``cropcore batch``: runs a preset over many photos and folders; resumable."""

from __future__ import annotations

import argparse
from pathlib import Path

from cropcore.batch.batch import Batch
from cropcore.batch.engine_groups import BatchEngine
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.batch.preset_library import resolve_preset
from cropcore.batch.set_aside_journal import resumed_journal
from cropcore.cli.batch_telling import BatchTelling
from cropcore.cli.console import Console, UsageError, counted, make_folder
from cropcore.cli.load_engine import LateEngine, load_for_preset
from cropcore.cli.sidecars import check_arguments, sidecar_writer
from cropcore.files.photo_scan import gather


def run(args: argparse.Namespace) -> int:
    """Do all jobs, tell of each, and write the report; returns the exit status.

    Raises:
        CropsightError: nothing could be done at all (preset, folders, device, weights).
    """
    with Console(args) as console:
        check_arguments(args)
        preset = resolve_preset(args.preset)
        if args.journal is not None and isinstance(args.out, Path):
            raise UsageError("--journal: the journal of a batch into a folder lies in that folder.")
        if args.cluster is not None or not _all_local(args):
            # Imported here because few need it, and it takes a moment.
            from cropcore.cli.cluster_batch import run_cluster

            return run_cluster(args, preset, console)
        photos = _photos(args, console)
        make_folder(args.out)
        if args.report is not None:
            make_folder(args.report, "--report")
        with resumed_journal(args.out) as journal:
            if not args.resume and journal.knows(preset.digest):
                console.warn_once(
                    f"{args.out} has crops of this preset from before; all are made anew, under new "
                    "names. With --resume only those are made that are missing."
                )
            return _local(args, preset, console, photos, journal)


def _local(
    args: argparse.Namespace,
    preset: Preset,
    console: Console,
    photos: list[Path],
    journal: Journal,
) -> int:
    telling = BatchTelling(args, preset, console, sidecar_writer(args))
    batch = Batch(
        preset,
        photos,
        args.out,
        journal,
        resume=args.resume,
        pixels=args.report is not None,
        progress=lambda progress, path: telling.progress(progress, str(path)),
    )
    engine: BatchEngine
    if preset.fixed_crop is not None or batch.is_finished():
        engine = LateEngine(lambda: load_for_preset(args.device, preset, console))
    else:
        engine = load_for_preset(args.device, preset, console)
    telling.all_of(batch.run(engine))
    return telling.end(len(photos))


def _all_local(args: argparse.Namespace) -> bool:
    return all(isinstance(place, Path) for place in (*args.photos, args.out))


def _photos(args: argparse.Namespace, console: Console) -> list[Path]:
    gathered = gather(args.photos, args.out)
    for failure in gathered.failures:
        console.fail(str(failure.path), failure)
    if gathered.left_out:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(gathered.kinds.items()))
        among = f" Among them, of kinds that cannot be read: {kinds}." if kinds else ""
        console.warn(
            f"Left out {counted(gathered.left_out, 'file')} without a photo's ending.{among}"
        )
    if gathered.raw_left_out:
        console.warn("Raw files need the package rawpy: pip install 'cropsight[raw]'.")
    if not gathered.photos and not gathered.failures:
        raise UsageError(
            "There are no photos in {choices}.", choices=", ".join(map(str, args.photos))
        )
    return gathered.photos

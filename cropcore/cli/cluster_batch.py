"""``cropcore batch`` on several machines, or with photos or crops behind URLs."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cropcore.batch.journal import held_folder
from cropcore.batch.preset import Preset
from cropcore.cli.batch_telling import BatchTelling
from cropcore.cli.console import Console, UsageError, counted, make_folder
from cropcore.cli.load_engine import load_for_preset
from cropcore.cluster.cluster_batch import ClusterBatch
from cropcore.cluster.compact_journal import CompactJournal
from cropcore.cluster.listing import Listing
from cropcore.cluster.photo_work import PhotoWork, WorkOrder
from cropcore.cluster.targets import Target, target_of
from cropcore.cluster.url_system import in_words
from cropcore.cluster.workers import OwnProcess, Workers
from cropcore.errors import OptionError
from cropcore.files.user_dirs import journals_dir


def run_cluster(args: argparse.Namespace, preset: Preset, console: Console) -> int:
    """Do all jobs and tell of each; returns the exit status.

    Raises:
        CropsightError: nothing could be done at all (cluster, stores, folders, device, weights).
    """
    if args.sidecar is not None:
        raise UsageError("--sidecar is for photos in folders, without --cluster.")
    if preset.beside_photos:
        raise UsageError("Files beside the photos are for photos in folders, without --cluster.")
    out = args.out.absolute() if isinstance(args.out, Path) else args.out
    if isinstance(out, Path):
        make_folder(out)
    if args.report is not None:
        make_folder(args.report, "--report")
    target = target_of(out)
    target.check()
    listing = _listing(args, out, console)
    folder = _journal_folder(out, args.journal)
    with held_folder(folder):
        journal = _journal(folder, target, args.resume)
        if not args.resume and journal.knows(preset.digest):
            console.warn_once(
                f"{target.place} has crops of this preset from before; all are made anew, under new "
                "names. With --resume only those are made that are missing."
            )
        telling = BatchTelling(args, preset, console)
        batch = ClusterBatch(
            preset,
            listing,
            target,
            journal,
            resume=args.resume,
            tell_resumed=args.json is not None or args.report is not None,
            progress=telling.progress,
            warn=console.warn,
        )
        order = WorkOrder(preset, out, pixels=args.report is not None)
        cluster = None if batch.is_finished() else args.cluster
        with _workers(cluster, args.device, order, console) as workers:
            telling.all_of(batch.run(workers))
        return telling.end(len(listing), batch.untold)


def _listing(args: argparse.Namespace, out: Path | str, console: Console) -> Listing:
    listing = Listing.of(args.photos, out)
    for place, failure in listing.failures:
        console.fail(place, failure)
    if listing.left_out:
        console.warn(f"Left out {counted(listing.left_out, 'file')} without a photo's ending.")
    if not len(listing) and not listing.failures:
        raise UsageError(
            "There are no photos in {choices}.", choices=", ".join(map(str, args.photos))
        )
    return listing


def _journal_folder(out: Path | str, wanted: Path | None) -> Path:
    """Where the journal is: in the folder of the crops; a store takes no file that grows."""
    if isinstance(out, Path):
        return out
    folder = wanted or journals_dir() / hashlib.sha256(out.encode()).hexdigest()[:16]
    make_folder(folder, "--journal")
    return folder


def _journal(folder: Path, target: Target, resume: bool) -> CompactJournal:
    try:
        return CompactJournal(folder, target.sizes() if resume else None)
    except OSError as error:
        raise OptionError(in_words(target.place, error)) from error


@contextmanager
def _workers(
    cluster: str | None, device: str, order: WorkOrder, console: Console
) -> Iterator[Workers]:
    """The workers of the cluster, or else this process."""
    if cluster is None:
        with OwnProcess(
            lambda: PhotoWork(order, load_for_preset(device, order.preset, console))
        ) as own:
            yield own
        return
    try:
        # Imported here because it takes a second, and needs an extra.
        from cropcore.cluster import dask_workers
    except ImportError as error:
        raise OptionError(
            "--cluster needs a package that is not installed ({reason}): pip install 'cropsight[cluster]'",
            reason=str(error.name),
        ) from error
    with dask_workers.connected(cluster) as client:
        load = dask_workers.WorkLoader(order, device)
        own_processes = cluster.startswith("local:")
        with dask_workers.prepared(client, order, load, own_processes) as workers:
            number = len(client.nthreads())
            console.warn(f"{counted(number, 'worker')}; dashboard: {client.dashboard_link}")
            yield workers

"""A batch to run (photos, preset, folder), and its record on disk, from which it resumes after a crash."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.errors import CropsightError
from cropcore.files import record_files
from cropcore.files.atomic_write import write_at
from cropcore.files.own_files import NotOwnError, read_own
from cropcore.files.user_dirs import moved_sample

log = logging.getLogger(__name__)

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """Photos in their order, what to make of them, and where it goes.

    ``prior_edits`` is what the person did to those of them that are open. With ``report`` a page about the
    batch is written into the folder as well. With ``review`` nothing is written: the crops that are
    found are looked at first.
    """

    preset: Preset
    photos: tuple[Path, ...]
    folder: Path
    report: bool = True
    review: bool = False
    prior_edits: Mapping[Path, PriorEdits] = field(default_factory=dict)

    def prior_edits_of(self, path: Path) -> PriorEdits:
        """What the person did to a photo; nothing, where it is not known."""
        return self.prior_edits.get(path, PriorEdits())

    def to_json(self) -> str:
        """The text of its record."""
        values = {
            "schema": SCHEMA,
            "preset": json.loads(self.preset.to_json()),
            "photos": [str(path) for path in self.photos],
            "folder": str(self.folder),
            "report": self.report,
            "given": {
                str(path): prior_edits.to_values() for path, prior_edits in self.prior_edits.items()
            },
        }
        return json.dumps(values) + "\n"

    @classmethod
    def from_json(cls, text: str) -> BatchOrder:
        """Read what :meth:`to_json` writes.

        Raises:
            ValueError: the text is no record of this version.
            CropsightError: there is a preset, or a ratio, in it that is none.
        """
        try:
            values = json.loads(text)
            if values["schema"] != SCHEMA:
                raise ValueError("a record of another version")
            preset = Preset.from_json(json.dumps(values["preset"]))
            photos = tuple(moved_sample(Path(str(name))) for name in values["photos"])
            prior_edits = {
                moved_sample(Path(name)): PriorEdits.from_values(v)
                for name, v in values.get("given", {}).items()
            }
            folder, report = Path(str(values["folder"])), bool(values["report"])
            return cls(preset, photos, folder, report, prior_edits=prior_edits)
        except (AttributeError, KeyError, TypeError, RecursionError, OverflowError) as error:
            raise ValueError(f"no record of a batch ({error!r})") from error


@dataclass(frozen=True, slots=True)
class UnfinishedBatch:
    """A batch that was begun and neither ended nor given up, and its record."""

    order: BatchOrder
    record: Path


class BatchRecords:
    """Records of the batches that were begun, one file each, in a folder of the program's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def begun(self, order: BatchOrder, record: Path | None = None) -> Iterator[Path | None]:
        """Keep the record of a batch for the length of the block, and after it until it is forgotten.

        Meanwhile no other window takes the batch for one that was left behind. Where no record can be
        written the batch goes on without, and there is None.

        Raises:
            TimeoutError: another window is at work on this record.
            NotOwnError: what is there in the place of its lock is none.
        """
        record = record or self._written(order)
        if record is None:
            yield None
            return
        with record_files.lock_record(record):
            yield record

    def _written(self, order: BatchOrder) -> Path | None:
        record = self._folder / f"{secrets.token_hex(8)}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_at(record, order.to_json().encode())
        except OSError as error:
            log.warning("There is no record of the batch: %s", error)
            return None
        return record

    def forget(self, record: Path) -> None:
        """A batch ended, or was given up."""
        record_files.remove_record(record)

    def unfinished(self) -> list[UnfinishedBatch]:
        """The batches that nobody is at work on any more, the oldest first."""
        found = []
        for path in record_files.oldest_first(self._folder, ".json"):
            try:
                with record_files.lock_record(path):
                    text = read_own(path).decode()
                    found.append(UnfinishedBatch(BatchOrder.from_json(text), path))
            except TimeoutError:
                continue
            except NotOwnError as error:
                log.warning("No record of a batch: %s", error)
            except (OSError, ValueError, CropsightError) as error:
                log.warning("The record %s cannot be read: %s", path, error)
                self.forget(path)
        return found

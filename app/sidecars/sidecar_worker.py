"""Worker thread that reads and writes sidecars: reads for the current photo first, then writes."""

from __future__ import annotations

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import PriorityQueue

from PySide6.QtCore import QObject, Signal

from app.i18n.engine_messages import translated
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_writer, register_worker
from app.sidecars.foreign_crops import foreign_stamps, imported, newer_crop
from cropcore.errors import CropsightError, PhotoError
from cropcore.files.path_checks import Stamp
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import Orientation
from cropcore.messages import Message
from cropcore.sidecar.sidecar import NEVER, PhotoFacts, SavedCrop, Sidecar, content_digest, real
from cropcore.sidecar.store import LoadedSidecar, SavedSidecar, SidecarStore

log = logging.getLogger(__name__)

_SHOWN, _KEPT, _END, _REST = range(4)
_ROUNDED = 1e-9
_PORTION = 250

FRESH = Sidecar(PhotoFacts("", 0, 0, 0, ""))
"""An empty sidecar, of a photo that has none; its facts are filled in when it is written."""


@dataclass(frozen=True, slots=True)
class SidecarWrite:
    """A sidecar to write: ``width`` and ``height`` are those of the photo upright by EXIF."""

    key: int
    path: Path
    width: int
    height: int
    sidecar: Sidecar
    beside: bool


class SidecarWorker(QObject):
    """Reads and writes in the background.

    Signals: ``loaded`` (key, LoadedSidecar), ``saved`` (key, SavedSidecar), ``failed`` (key, text), ``added``
    (Path, Sidecar: a crop was added or removed without an edit), ``refused`` (Path, text: it was not),
    ``newer`` (key, Sidecar: another program has a crop that is later than the person's, and another one).
    """

    loaded = Signal(int, LoadedSidecar)
    saved = Signal(int, SavedSidecar)
    failed = Signal(int, str)
    added = Signal(object, Sidecar)
    refused = Signal(object, str)
    newer = Signal(int, Sidecar)

    def __init__(self, store: SidecarStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        register_worker(self, "sidecars", StopOrder.RECORDS)
        self._store = store
        self.reads_foreign = True
        """Whether crops of other programs are taken for the person's own, where there are no others."""
        self.reads_stars = False
        """Whether their stars and rejections are, too."""
        self._stamps: dict[int, tuple[Stamp, ...]] = {}
        self._signals = ThreadSignals(self)
        self._numbers = itertools.count()
        self._done = 0
        self._later: deque[tuple[int, Path]] = deque()
        self._work: PriorityQueue[tuple[int, int, Callable[[], None] | None]] = PriorityQueue()
        self._thread = threading.Thread(target=self._run, name="sidecars", daemon=True)
        self._thread.start()

    def load(self, key: int, path: Path) -> None:
        """Read what is kept about a photo, before everything else."""
        self._put(_SHOWN, partial(self._load, key, path))

    def load_later(self, photos: Iterable[tuple[int, Path]]) -> None:
        """Read what is kept about many photos when there is time."""
        self._later.extend(photos)
        self._put(_REST, self._load_next)

    def look_again(self, photos: Sequence[tuple[int, Path]]) -> None:
        """Read what is kept about those photos whose files of other programs have changed since."""
        for start in range(0, len(photos), _PORTION):
            self._put(_REST, partial(self._look_at, photos[start : start + _PORTION]))

    def save(self, kept: SidecarWrite) -> None:
        """Write a sidecar."""
        self._put(_KEPT, partial(self._save, kept))

    def add(self, path: Path, frame: Orientation, crop: SavedCrop, beside: bool) -> None:
        """Add a crop, which lies in the photo turned by ``frame``."""
        change = partial(_with, frame=frame, crop=crop)
        self._put(_KEPT, partial(self._change, path, change, beside))

    def remove(
        self, path: Path, frame: Orientation, crop_id: str, crop: Crop, beside: bool
    ) -> None:
        """Remove the crop with an id, unless it has become another than ``crop`` since."""
        change = partial(_without, frame=frame, crop_id=crop_id, crop=crop)
        self._put(_KEPT, partial(self._change, path, change, beside))

    def stop(self) -> None:
        """Write what is to be written, drop the rest, and wait for the end."""
        self._put(_END, None)
        end_writer(self._thread, lambda: self._done)
        self._signals.deliver()

    def _put(self, urgency: int, task: Callable[[], None] | None) -> None:
        self._work.put((urgency, next(self._numbers), task))

    def _run(self) -> None:
        while True:
            _, _, task = self._work.get()
            if task is None:
                return
            task()
            self._done += 1

    def _load_next(self) -> None:
        if self._later:
            self._load(*self._later.popleft())
            self._put(_REST, self._load_next)

    def _look_at(self, photos: Sequence[tuple[int, Path]]) -> None:
        for key, path in photos:
            known = self._stamps.get(key)
            if known is not None and known != foreign_stamps(path):
                self._load(key, path)

    def _load(self, key: int, path: Path) -> None:
        self._stamps[key] = foreign_stamps(path)
        own: Sidecar | None = None
        try:
            found = self._store.load(path)
            own = found.sidecar
            if own is None and self.reads_foreign:
                found = self._with_foreign(path, found)
        except Exception as error:  # The thread must outlive whatever one file does to it.
            log.exception("Cannot read what is kept about %s", path)
            unread = Message(
                "{file}: its crops cannot be read ({reason}).", file=path.name, reason=str(error)
            )
            found = LoadedSidecar(None, (unread,))
        self._signals.send(self.loaded, key, found)
        if own is not None and self.reads_foreign:
            self._put(_REST, partial(self._look_for_newer, key, path, own))

    def _look_for_newer(self, key: int, path: Path, own: Sidecar) -> None:
        """What other programs decided after the person did here: stars hold, a crop is asked about."""
        since = max((crop.changed for crop in own.crops), default=NEVER)
        if self.reads_stars:
            since = min(since, own.flag.at)
        if max(self._stamps[key])[0] <= since.timestamp() * 1e9:
            return  # nothing of theirs is later, as of most photos
        try:
            foreign = imported(path, self.reads_stars).sidecar
        except PhotoError:  # told when the photo itself is read
            return
        except Exception:  # The thread must outlive whatever one file does to it.
            log.exception("Cannot read what other programs keep about %s", path)
            return
        if foreign is None:
            return
        if foreign.flag.value != own.flag.value and foreign.flag.at > own.flag.at:
            decided = LoadedSidecar(replace(own, flag=foreign.flag))
            self._signals.send(self.loaded, key, decided)
        if newer_crop(own, foreign):
            self._signals.send(self.newer, key, foreign)

    def _with_foreign(self, path: Path, found: LoadedSidecar) -> LoadedSidecar:
        """The crop of another program, where nothing of our own is kept."""
        try:
            foreign = imported(path, self.reads_stars)
        except PhotoError:  # told when the photo itself is read
            return found
        return replace(foreign, notices=(*found.notices, *foreign.notices))

    def _save(self, kept: SidecarWrite) -> None:
        try:
            self._signals.send(self.saved, kept.key, self._written(kept))
        except CropsightError as error:
            self._signals.send(self.failed, kept.key, translated(error))
        except Exception as error:  # As above; the person learns that it is not kept.
            log.exception("Cannot keep the crops of %s", kept.path)
            self._signals.send(self.failed, kept.key, translated(unkept(kept.path, error)))

    def _written(self, kept: SidecarWrite) -> SavedSidecar:
        self._store.beside = kept.beside
        before = kept.sidecar.photo
        facts = _facts(kept.path, kept.width or before.width, kept.height or before.height, before)
        return self._store.save(kept.path, replace(kept.sidecar, photo=facts))

    def _change(self, path: Path, change: Callable[[Sidecar], Sidecar], beside: bool) -> None:
        try:
            sidecar = change(self._store.load(path).sidecar or FRESH)
            saved = self._written(SidecarWrite(0, path, 0, 0, sidecar, beside))
            self._signals.send(self.added, path, saved.sidecar)
        except CropsightError as error:
            self._signals.send(self.refused, path, translated(error))
        except Exception as error:  # As above.
            log.exception("Cannot keep a crop of %s", path)
            self._signals.send(self.refused, path, translated(unkept(path, error)))


def unkept(path: Path, error: Exception) -> Message:
    """What to tell the person of a photo whose crops are in no sidecar, for whatever reason."""
    return Message(
        "{file}: its crops cannot be kept ({reason}).", file=path.name, reason=str(error)
    )


def _with(found: Sidecar, frame: Orientation, crop: SavedCrop) -> Sidecar:
    by = frame.inverse.then(found.orientation.value)
    aspect = crop.aspect.swapped() if by.swaps_sides else crop.aspect
    return found.with_crop(replace(crop, crop=by.crop(crop.crop), aspect=aspect))


def _without(found: Sidecar, frame: Orientation, crop_id: str, crop: Crop) -> Sidecar:
    here = frame.inverse.then(found.orientation.value).crop(crop)
    kept = next((saved.crop for saved in found.crops if saved.id == crop_id), None)
    if kept is None or not _same(kept, here):
        return found
    return found.without_crop(crop_id)


def _same(one: Crop, other: Crop) -> bool:
    """Whether two crops are one, but for what turning to and fro rounds."""
    values = zip((*one.box, one.angle), (*other.box, other.angle), strict=True)
    return one.shape == other.shape and all(abs(a - b) < _ROUNDED for a, b in values)


def _facts(path: Path, width: int, height: int, before: PhotoFacts) -> PhotoFacts:
    """What the photo is recognised by now; where its file is gone, what was known of it."""
    try:
        digest, length = content_digest(path)
    except CropsightError:
        return replace(before, name=real(path).name, width=width, height=height)
    return PhotoFacts(real(path).name, width, height, length, digest, before.extra)

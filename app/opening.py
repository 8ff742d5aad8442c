"""Files on their way into the document: from dialogs, drops, arguments and the recent list."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QImage

from app.document import Document, Edit, OpenPhoto
from app.editor import Editor
from app.outbox import Outbox
from app.ownership import Owner
from app.photo_loader import PhotoLoader
from app.samples import write_samples
from app.settings import Settings
from cropcore.gathering import SUFFIXES
from cropcore.photo import Photo

_PREVIEWS_KEPT = 6


class Opening(QObject):
    """Brings photos into the document and their pictures to the window.

    Signals: ``picture`` (QImage: the first picture of the shown photo), ``sharper`` (QImage: a
    better one of the same photo), ``miniature`` (key, QImage), ``failed`` (text), ``noted`` (text).
    """

    picture = Signal(QImage)
    sharper = Signal(QImage)
    miniature = Signal(int, QImage)
    failed = Signal(str)
    noted = Signal(str)
    _sample_ready = Signal(object, bool)
    _listed = Signal(object, str)

    def __init__(
        self, document: Document, editor: Editor, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._editor = editor
        self._settings = settings
        self._loader = PhotoLoader(self)
        self._outbox = Outbox(self)
        self._helper = ThreadPoolExecutor(1, "files")
        self._kept: list[int] = []
        self._glanced: set[int] = set()
        self._doubted: set[int] = set()
        self._loader.read.connect(self._read)
        self._loader.previewed.connect(self._previewed)
        self._loader.sharpened.connect(self._sharpened)
        self._loader.miniature.connect(self.miniature)
        self._loader.failed.connect(self._failed)
        self._sample_ready.connect(lambda path, first: self._add([path], show=first))
        self._listed.connect(self._add_listed)
        document.current_changed.connect(self._load_current)

    def open(self, paths: Iterable[Path]) -> None:
        """Open files, and the photos directly inside folders; the first of them is shown."""
        paths = [Path(p).absolute() for p in paths]
        if any(path.suffix.lower() not in SUFFIXES for path in paths):
            # Only what may be a folder is looked at, and not on this thread.
            self._helper.submit(self._list, paths)
        else:
            self._add(paths)

    def open_samples(self, *names: str) -> None:
        """Open these sample photos, or all, painting them first where they are missing."""
        base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
        self._helper.submit(self._make_samples, Path(base) / "samples", names)

    def stop(self) -> None:
        """Wait for everything that was begun."""
        self._helper.shutdown(wait=True, cancel_futures=True)
        self._loader.stop()

    def _list(self, paths: list[Path]) -> None:
        found: list[Path] = []
        for path in paths:
            try:
                if not path.is_dir():
                    found.append(path)
                    continue
                inside = sorted(
                    (p for p in path.iterdir() if _may_be_photo(p)),
                    key=lambda p: p.name.lower(),
                )
            except OSError as error:
                self._outbox.send(self._listed, [], f"{path.name}: {error.strerror}.")
                continue
            if not inside:
                self._outbox.send(
                    self._listed, [], self.tr("{0}: no photos in this folder.").format(path.name)
                )
            found += inside
        self._outbox.send(self._listed, found, "")

    def _make_samples(self, folder: Path, names: tuple[str, ...]) -> None:
        try:
            for place, path in enumerate(write_samples(folder, names)):
                self._outbox.send(self._sample_ready, path, place == 0)
        except OSError as error:
            text = self.tr("The sample photos cannot be written: {0}.").format(error.strerror)
            self._outbox.send(self._listed, [], text)

    def _add_listed(self, paths: list[Path], problem: str) -> None:
        if problem:
            self.failed.emit(problem)
        self._add(paths)

    def _add(self, paths: Iterable[Path], show: bool = True) -> None:
        paths = list(paths)
        if not paths:
            return
        self._document.put_back()
        shown = self._document.current
        # A file that is opened again may have been changed meanwhile.
        again = {p.path: p for p in self._document.photos if p.photo is not None}
        again = {path: again[path] for path in paths if path in again}
        self._doubted.update(photo.key for photo in again.values())
        fresh = Edit(method=self._settings.method).with_aspect(self._settings.aspect)
        photos = self._document.add(paths, fresh)
        if len(self._document.photos) > 1:
            for photo in self._document.photos:
                if photo.key not in self._glanced:
                    self._glanced.add(photo.key)
                    self._loader.glance(photo.key, photo.path)
        self._settings.remember_opened(paths)
        if show:
            self._document.show(photos[0])
        for photo in again.values():
            if photo is not self._document.current:
                self._loader.glance(photo.key, photo.path)
            elif photo is shown:
                self._loader.show(photo.key, photo.path, None)

    def _load_current(self) -> None:
        current = self._document.current
        if current is None:
            return
        if current.preview is not None:
            self.picture.emit(current.preview)
        known = current.header if current.key not in self._doubted else None
        self._loader.show(current.key, current.path, known)

    def _read(self, key: int, photo: Photo, stamp: tuple[int, int]) -> None:
        found = self._document.find(key)
        self._doubted.discard(key)
        if found is None or (found.header, found.stamp) == (photo, stamp):
            return
        fresh = found.header is None
        if fresh:
            found.header, found.stamp = photo, stamp
        else:
            self._document.refresh(found, photo, stamp)
            if found is self._document.current and key in self._glanced:
                self._loader.glance(key, found.path)
        for note in photo.notes:
            self.noted.emit(f"{found.path.name}: {note}")
        if fresh:
            self._editor.photo_read(key)

    def _previewed(self, key: int, image: QImage) -> None:
        found = self._document.find(key)
        if found is None:
            return
        first = found.preview is None
        found.preview = image
        self._keep(found)
        if first and found is self._document.current:
            self.picture.emit(image)

    def _sharpened(self, key: int, image: QImage) -> None:
        current = self._document.current
        if current is not None and current.key == key:
            self.sharper.emit(image)

    def _failed(self, key: int, path: Path, text: str) -> None:
        found = self._document.find(key)
        if found is None:
            return
        self.failed.emit(text)
        # A card that was pulled out must not take along what the person decided.
        if found.stack.count() == 0 and found.edit.owner is not Owner.MINE:
            self._document.remove(found)

    def _keep(self, photo: OpenPhoto) -> None:
        self._kept = [k for k in self._kept if k != photo.key] + [photo.key]
        while len(self._kept) > _PREVIEWS_KEPT:
            old = self._document.find(self._kept.pop(0))
            if old is not None and old is not self._document.current:
                old.preview = None


def _may_be_photo(path: Path) -> bool:
    """Whether a file of a folder is opened with it; macOS lays "._" files beside photos."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith("._")

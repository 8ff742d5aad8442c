"""Opens files from dialogs, drops, arguments and the recent list, and caches their previews."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage

from app.document.document import Document
from app.document.edit_crops import own_crops
from app.document.open_photo import OpenPhoto
from app.i18n.engine_messages import translated
from app.photos.folder_scan import list_photos
from app.photos.initial_edit import InitialEdit
from app.photos.photo_loader import PhotoLoader, ReadAhead, reason_of
from app.photos.sample_photos import write_samples
from app.photos.sharp_thumbnails import SharpThumbnails
from app.photos.thumbnails import ThumbnailRequest, Thumbnails
from app.runtime.background import BackgroundWorker, single_shot
from app.runtime.workers import StopOrder
from app.settings import RECENT_KEPT, Settings
from cropcore.files.path_checks import file_stamp, is_folder
from cropcore.files.photo_scan import Listed, looks_like_photo
from cropcore.files.user_dirs import move_old_data, samples_dir
from cropcore.images.photo import Photo, read_photo

_PREVIEWS_KEPT = 10
_AT_ONCE = 40
"""Up to so many files are opened at once; more, and folders, are listed on a thread first."""
_PORTION = 64


class Opener(QObject):
    """Brings photos into the document and their pictures to the window.

    Signals: ``picture`` (QImage: the first picture of the shown photo), ``preview_changed`` (it came after
    the photo was shown), ``full_image_loaded`` (QImage: a better one of the same photo), ``header_read`` (key
    of a photo whose header is there now), ``failed`` (text about something that is no open photo),
    ``unreadable`` (key and why), ``rejected`` (why the only photo was not opened), ``previewed``
    (key: the fast picture of a photo is there), ``file_checked`` (key, Photo and its pixels for the
    encoder, an array, of photos that are prepared), ``noted`` (text), ``folder_listed`` (a folder that was
    opened, and how many photos it had), ``raw_previewed`` (key of a raw photo of which it is known now which
    picture is shown).
    """

    picture = Signal(QImage)
    preview_changed = Signal()
    full_image_loaded = Signal(QImage)
    failed = Signal(str)
    header_read = Signal(int)
    unreadable = Signal(int, str)
    rejected = Signal(str)
    previewed = Signal(int)
    file_checked = Signal(int, Photo, np.ndarray)
    noted = Signal(str)
    folder_listed = Signal(Path, int)
    raw_previewed = Signal(int)
    _sample_ready = Signal(object, bool)
    """A Path, and whether it is the first."""
    _listed = Signal(tuple, bool)
    """Photos (Listed), and whether they are the first."""

    def __init__(
        self, document: Document, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.thumbnails = Thumbnails(self)
        self.sharp_thumbnails = SharpThumbnails(self.thumbnails)
        self._document = document
        self.initial_edit = InitialEdit(document, settings, self)
        self._settings = settings
        self._loader = PhotoLoader(self)
        self._worker = BackgroundWorker(self, "opening", StopOrder.READERS)
        self._waiting: deque[tuple[Sequence[Listed], bool]] = deque()
        self._next = single_shot(self, 0, self._add_portion)
        self._kept: list[int] = []
        self._doubted: set[int] = set()
        self._loader.read.connect(self._read_by_loader)
        self._loader.previewed.connect(self._previewed)
        self._loader.sharpened.connect(self._sharpened)
        self._loader.raw_previewed.connect(self._raw_previewed)
        self._loader.file_checked.connect(self.file_checked)
        self._loader.failed.connect(self._failed)
        self.thumbnails.read.connect(self._read)
        self.thumbnails.made.connect(self._recovered)
        self.thumbnails.failed.connect(self._failed)
        self._sample_ready.connect(lambda path, first: self._add([(path, (0, 0))], first))
        self._listed.connect(self._add_listed)
        self.folder_listed.connect(settings.remember_folder)
        document.current_changed.connect(self._load_current)

    @property
    def pairs(self) -> bool:
        """Whether a raw file and the camera's JPEG of it are one photo in folders."""
        return self._settings.pair_raw

    def open(self, paths: Iterable[Path]) -> None:
        """Open files, and the photos in folders and below; the first of them is shown."""
        paths = [Path(p).absolute() for p in paths]
        if len(paths) <= _AT_ONCE and all(looks_like_photo(path.name) for path in paths):
            self._add([(path, (0, 0)) for path in paths])
        else:
            # Only what may be a folder is looked at, and not on this thread.
            self._worker.submit(partial(self._list, paths))

    def add_arrived(self, listed: list[Listed]) -> None:
        """Add photos that came into an open folder; the shown photo stays."""
        if len(listed) <= _PORTION:
            self._add(listed, show=False)
            return
        for start in range(0, len(listed), _PORTION):
            self._add_listed(listed[start : start + _PORTION], first=False)

    def bring_back(self, listed: Sequence[Listed], shown: Path | None) -> None:
        """Open photos of an earlier run, and show ``shown`` where it is among them."""
        self._add(listed, show=False)
        photo = self._document.own.at(shown) if shown is not None else None
        if photo is not None and self._document.current is None:
            self._document.show(photo)

    def open_uris(self, uris: bytes) -> None:
        """Open what was dropped, as text/uri-list; a long list is parsed on a thread."""
        lines = uris.split()
        if len(lines) > _AT_ONCE:
            self._worker.submit(partial(self._list_uris, lines))
        else:
            self.open(_local_paths(lines))

    def open_samples(self, *names: str) -> None:
        """Open these sample photos, or all, painting them first where they are missing."""
        self._worker.submit(partial(self._make_samples, samples_dir(), names))

    def prepare(self, photos: Sequence[OpenPhoto]) -> None:
        """Read photos that will probably be shown soon, the first one first."""
        missing = [p for p in photos if p.preview is None or p.key in self._doubted]
        self._loader.prepare(
            [ReadAhead(p.key, p.path, p.header, encode=not p.is_result) for p in missing]
        )
        for photo in reversed(photos):
            if photo.preview is not None:
                self._keep(photo)

    def read_headers(self, photos: Sequence[OpenPhoto], then: Callable[[], None]) -> None:
        """Read those whose header is not known yet, and call ``then``; what fails is told."""
        unread = [(p.key, p.path) for p in photos if p.header is None and not p.failure]
        self._worker.submit(partial(self._read_all, unread), lambda _: then())

    def reread(self, photo: OpenPhoto) -> None:
        """The file of an open photo was changed, or is there again: take in what it holds now."""
        if photo is self._document.current:
            self._doubted.add(photo.key)
            self._loader.show(photo.key, photo.path, None)
        else:
            self.thumbnails.renew(ThumbnailRequest(photo.key, photo.path, False))

    # In the background ------------------------------------------------------------------------

    def _list_uris(self, lines: list[bytes]) -> None:
        self._list(_local_paths(lines))

    def _list(self, paths: list[Path]) -> None:
        first = True
        count = 0

        def found(portion: list[Listed]) -> None:
            nonlocal first, count
            count += len(portion)
            for start in range(0, len(portion), _PORTION):
                self._worker.send(self._listed, tuple(portion[start : start + _PORTION]), first)
                first = False

        for folders, group in groupby(paths, is_folder):
            # Each folder by itself, so that its photos are counted; files all at once.
            for some in [[path] for path in group] if folders else [list(group)]:
                count = 0
                list_photos(
                    some,
                    found,
                    lambda text: self._worker.send(self.failed, text),
                    lambda: self._worker.is_stopped,
                    self.pairs,
                )
                if folders and count and not self._worker.is_stopped:
                    self._worker.send(self.folder_listed, some[0], count)

    def _read_all(self, unread: list[tuple[int, Path]]) -> None:
        for key, path in unread:
            if self._worker.is_stopped:
                return
            stamp = file_stamp(path)
            try:
                self._worker.send(self.thumbnails.read, key, read_photo(path), stamp)
            except Exception as error:  # A decoder may raise anything; the person learns of it.
                self._worker.send(self.thumbnails.failed, key, path, reason_of(path, error))

    def _make_samples(self, folder: Path, names: tuple[str, ...]) -> None:
        move_old_data()
        try:
            for place, path in enumerate(write_samples(folder, names)):
                self._worker.send(self._sample_ready, path, place == 0)
        except OSError as error:
            text = self.tr("The sample photos cannot be written: {0}.").format(error.strerror)
            self._worker.send(self.failed, text)

    # Into the document ------------------------------------------------------------------------

    def _add_listed(self, portion: Sequence[Listed], first: bool) -> None:
        self._waiting.append((portion, first))
        self._next.start()

    def _add_portion(self) -> None:
        """Add one portion per turn of the event loop, so that input is handled in between."""
        if self._worker.is_stopped:
            return
        if self._waiting:
            self._add(*self._waiting.popleft())
        if self._waiting:
            self._next.start()

    def _add(self, listed: Sequence[Listed], show: bool = True) -> None:
        if not listed:
            return
        self._document.show_own()
        shown = self._document.current
        last = len(self._document.own.photos)
        photos = self._document.add([path for path, _ in listed], self.initial_edit.fresh())
        again = []
        for photo, (_, stamp) in zip(photos, listed, strict=True):
            if self._document.own.place_of(photo) >= last:
                photo.stamp = stamp
            elif photo.failure or stamp == (0, 0) or stamp != photo.stamp:
                again.append(photo)  # its file may have been changed meanwhile
        self._doubted.update(photo.key for photo in again)
        if show:
            self._settings.remember_opened(path for path, _ in listed[:RECENT_KEPT])
            self._document.show(photos[0])
        for photo in again:
            if photo is not self._document.current or photo is shown:
                self.reread(photo)

    def _load_current(self) -> None:
        current = self._document.current
        if current is None:
            return
        if current.preview is not None:
            self._keep(current)
            self.picture.emit(current.preview)
        doubted = current.key in self._doubted
        known = None if doubted else current.header
        needed = doubted or current.preview is None
        self._loader.show(current.key, current.path, known, preview=needed)

    def _read_by_loader(self, key: int, photo: Photo, stamp: tuple[int, int]) -> None:
        if self._read(key, photo, stamp):
            found = self._document.find(key)
            if found is not None:
                self.thumbnails.renew(ThumbnailRequest(key, found.path, True))

    def _read(self, key: int, photo: Photo, stamp: tuple[int, int]) -> bool:
        """Take in a header; True where it replaces another one."""
        found = self._document.find(key)
        self._doubted.discard(key)
        if found is None or (found.header, found.stamp) == (photo, stamp):
            return False
        if found.header == photo and found.stamp == (0, 0):
            found.stamp = stamp
            return False
        fresh = found.header is None
        if fresh:
            found.header, found.stamp = photo, stamp
            self.initial_edit.header_read(found)
        else:
            self._document.refresh(found, photo, stamp)
        for note in photo.notes:
            self.noted.emit(f"{found.path.name}: {translated(note)}")
        if fresh:
            self.header_read.emit(key)
        return not fresh

    def _previewed(self, key: int, image: QImage) -> None:
        found = self._document.find(key)
        if found is None:
            return
        first = found.preview is None
        found.preview = image
        self.thumbnails.offer(key, found.path, image)
        self._keep(found)
        self._recovered(key)
        if first and found is self._document.current:
            self.picture.emit(image)
            self.preview_changed.emit()
        self.previewed.emit(key)

    def _raw_previewed(self, key: int, by_camera: bool) -> None:
        found = self._document.find(key)
        if found is not None:
            found.camera_preview = by_camera
            self.raw_previewed.emit(key)

    def _sharpened(self, key: int, image: QImage) -> None:
        current = self._document.current
        if current is not None and current.key == key:
            self.full_image_loaded.emit(image)

    def _recovered(self, key: int) -> None:
        found = self._document.find(key)
        if found is not None:
            self._document.set_failure(found, "")

    def _failed(self, key: int, path: Path, text: str) -> None:
        found = self._document.find(key)
        if found is None:
            return
        fresh = not found.failure
        self._document.set_failure(found, text)
        # A photo on a memory card that was removed keeps its edit.
        undecided = found.stack.count() == 0 and not own_crops(found.edit)
        gives_way = fresh and undecided and found is self._document.current
        if gives_way and self._document.shows_own and len(self._document.photos) == 1:
            self._document.remove(found)
            self.rejected.emit(text)
            return
        self.unreadable.emit(key, text)
        if not gives_way:
            return
        near = self._document.after(1, readable=True) or self._document.after(-1, readable=True)
        if near is not None:
            self._document.show(near)

    def _keep(self, photo: OpenPhoto) -> None:
        self._kept = [k for k in self._kept if k != photo.key] + [photo.key]
        while len(self._kept) > _PREVIEWS_KEPT:
            old = self._document.find(self._kept.pop(0))
            if old is not None and old is not self._document.current:
                old.preview = None


def _local_paths(uris: Iterable[bytes]) -> list[Path]:
    """The files among the lines of a text/uri-list."""
    found = []
    for uri in uris:
        if uri.startswith(b"file:///"):
            text = unquote_to_bytes(uri[7:]).decode("utf-8", "surrogateescape")
            # On Windows a drive stands behind the slash.
            found.append(Path(text[1:] if text[2:3] == ":" else text))
        elif uri.startswith(b"file:"):
            found.append(Path(QUrl.fromEncoded(uri).toLocalFile()))
    return found

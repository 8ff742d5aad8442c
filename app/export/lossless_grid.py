"""Shows on the canvas the grid of the shown JPEG's blocks while lossless crops are chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.canvas.crop_view import CropView
from app.editor.editor import Editor
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from app.settings import Settings
from cropcore.errors import PhotoError
from cropcore.images.lossless_jpeg import BlockGrid, cuts_lossless
from cropcore.images.photo import Photo


class LosslessGrid(QObject):
    """Reads the grid of each photo that is shown, on a thread, where its crop would be cut without loss."""

    def __init__(self, editor: Editor, settings: Settings, canvas: CropView) -> None:
        super().__init__(canvas)
        self._editor = editor
        self._settings = settings
        self._canvas = canvas
        self._worker = BackgroundWorker(self, "JPEG blocks", StopOrder.READERS)
        self._photo: Photo | None = None
        editor.changed.connect(self.follow)

    def follow(self) -> None:
        """Another photo is shown, it was turned, or the options of the export are others."""
        photo = self._wanted()
        if photo is self._photo:
            return
        self._photo = photo
        self._canvas.set_blocks(None)
        if photo is not None:
            self._worker.submit(partial(_read, photo), partial(self._take, photo))

    def _wanted(self) -> Photo | None:
        """The shown photo, turned as it is, where its crop would be cut without loss."""
        shown, options = self._editor.photo, self._settings.export
        if shown is None or shown.photo is None or shown.photo.format != "JPEG":
            return None
        wanted = options.lossless and options.size is None and options.format in ("keep", "jpeg")
        return shown.photo if wanted else None

    def _take(self, photo: Photo, grid: BlockGrid | None) -> None:
        if photo is self._photo:
            self._canvas.set_blocks(grid)


def _read(photo: Photo) -> BlockGrid | None:
    try:
        return BlockGrid.of(photo) if cuts_lossless() else None
    except PhotoError:  # told when it is exported
        return None

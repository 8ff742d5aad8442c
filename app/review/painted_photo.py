"""Tells whether the current photo's image has been painted on the screen yet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from app.document.document import Document
from app.document.open_photo import OpenPhoto


class PaintedPhoto(QObject):
    """Watches the painting of the ``viewport`` that shows the document's current photo."""

    def __init__(self, document: Document, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._document = document
        self._viewport = viewport
        self._painted = -1
        document.current_changed.connect(self._forget)
        viewport.installEventFilter(self)

    def shows(self, photo: OpenPhoto) -> bool:
        """Whether the person can have seen the photo, or that it has no picture."""
        if photo.failure:
            return True
        # Something else may lie in the viewport's place, such as the comparison of methods.
        covered = photo.preview is not None and self._viewport.visibleRegion().isEmpty()
        return covered or photo.key == self._painted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a paint event after the picture has arrived."""
        if event.type() == QEvent.Type.Paint:
            current = self._document.current
            if current is not None and current.preview is not None:
                self._painted = current.key
        return False

    def _forget(self) -> None:
        self._painted = -1

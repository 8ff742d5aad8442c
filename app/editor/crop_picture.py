"""Copies the pixels of the crop in hand to the clipboard; they are cut by a worker thread."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from app.editor.editor import Editor
from app.i18n.engine_messages import translated
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from app.widgets.notices import NoticeStack, Severity
from cropcore.errors import CropsightError
from cropcore.export.cut_image import cut
from cropcore.geometry.crop import Crop
from cropcore.images.colour_profile import to_srgb
from cropcore.images.photo import Photo


class CropPicture(QObject):
    """Puts the crop in hand on the clipboard as a picture in sRGB, in the photo's own pixels.

    Signals: ``copied`` (width and height of the picture).
    """

    copied = Signal(int, int)

    def __init__(self, editor: Editor, notices: NoticeStack) -> None:
        super().__init__(notices)
        self._editor = editor
        self._notices = notices
        self._worker = BackgroundWorker(self, "crop as picture", StopOrder.READERS)

    def copy(self) -> None:
        """Cut the crop, then copy it; a notice tells when it is there."""
        shown = self._editor.photo
        if shown is not None and shown.photo is not None:
            self._worker.submit(partial(_picture, shown.photo, self._editor.crop), self._take)

    def _take(self, made: QImage | CropsightError) -> None:
        if isinstance(made, CropsightError):
            self._notices.add(translated(made), Severity.ERROR)
            return
        QGuiApplication.clipboard().setImage(made)
        text = self.tr("Copied as a picture: {0} × {1}.").format(made.width(), made.height())
        self._notices.add(text, topic="crop as picture")
        self.copied.emit(made.width(), made.height())


def _picture(photo: Photo, crop: Crop) -> QImage | CropsightError:
    """The picture of a crop, or why there is none."""
    try:
        image = cut(photo, crop)
    except CropsightError as error:
        return error
    pixels = np.ascontiguousarray(to_srgb(image, image.info.get("icc_profile")).convert("RGBA"))
    height, width = pixels.shape[:2]
    made = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return made.copy()  # which keeps no hold of the array

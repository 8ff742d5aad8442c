"""The status bar: engine, crop and photo, and the text about the crop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
)

from app.document.edit import Owner
from app.editor.editor import Editor
from app.i18n.engine_messages import translated
from app.i18n.idea_texts import cuts_text
from app.runtime.background import single_shot
from app.widgets.controls import plain_label
from cropcore.geometry.refit import aspect_text
from cropcore.interop.foreign_crop import SOURCES

_PASSING_MS = 2500


def _tr(text: str) -> str:
    return QCoreApplication.translate("CropWords", text)


def say_crop(editor: Editor, hint: bool) -> str:
    """Whose crop it is and where it comes from; ``hint`` adds how to make it one's own."""
    photo = editor.photo
    if photo is None:
        return ""
    if editor.crop != photo.edit.crop:
        return _tr("Your crop")
    owner, found = photo.edit.owner, photo.current_suggestions
    candidates = found.candidates if found else ()
    candidate = next((c for c in candidates if c.crop == editor.crop), None)
    cuts = f", {cuts_text(candidate.cuts)}" if candidate is not None and candidate.cuts else ""
    if owner is Owner.PROPOSED and candidate is not None:
        text = _tr("Suggested {0} of {1}").format(candidate.rank, len(candidates)) + cuts
        return f"{text} – " + _tr("drag to make it yours") if hint else text
    if owner is Owner.PROPOSED:
        shape = aspect_text(photo.edit.aspect, photo.edit.crop, photo.width, photo.height)
        return _tr("Fitted to {0}").format(shape)
    if owner is Owner.MINE:
        if (mark := photo.foreign_mark) is not None:
            text = _tr("From {0}").format(translated(SOURCES[mark.source]))
            return f"{text}, {_tr('approximate')}" if mark.approximate else text
        if candidate is None:
            return _tr("Your crop")
        return _tr("Candidate {0} of {1}").format(candidate.rank, len(candidates)) + cuts
    return _tr("Whole photo")


class StatusBar(QFrame):
    """One quiet line: the engine, the crop, the photo.

    In place of the crop, what a key has just done is said for a moment.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setFixedHeight(24)
        self.engine, self.crop, self.photo = plain_label(), plain_label(), plain_label()
        self.crop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.photo.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._of_crop = ""
        self._passing = single_shot(self, _PASSING_MS, self._end_passing)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        for label in (self.engine, self.crop, self.photo):
            label.setSizePolicy(label.sizePolicy().Policy.Ignored, label.sizePolicy().Policy.Fixed)
            layout.addWidget(label, 1)

    def show_crop(self, text: str) -> None:
        """Say this of the crop; what passes gives way where that is news."""
        if text != self._of_crop:
            self._of_crop = text
            self._end_passing()

    def say(self, text: str) -> None:
        """Say something for a moment."""
        self.crop.setText(text)
        self._passing.start()

    def _end_passing(self) -> None:
        self._passing.stop()
        self.crop.setText(self._of_crop)

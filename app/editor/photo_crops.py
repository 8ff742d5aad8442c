"""Controller of the photo's several crops: add, choose, remove."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.document.edit import ORIGINAL, CropEntry, Edit, Owner
from app.document.edit_crops import all_crops, begun, chosen, removed
from app.document.open_photo import OpenPhoto
from app.document.photo_transform import areas_at
from app.editor.editor import Editor
from app.editor.photo_crops_panel import CropLine, PhotoCropsPanel
from app.editor.suggester import best_left
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import aspect_text, centred, pixel_ratio, pixels
from cropcore.sidecar.sidecar import new_id


class PhotoCrops(QObject):
    """Several crops of one photo, for the panel and the keys.

    Signals: ``other_crops_changed`` (a tuple of Crop: those that are not in hand), ``focus_released`` (the
    keys belong to the canvas again).
    """

    other_crops_changed = Signal(tuple)
    focus_released = Signal()

    def __init__(self, editor: Editor, panel: PhotoCropsPanel) -> None:
        super().__init__(panel)
        self._editor = editor
        self._panel = panel
        panel.begun.connect(self.begin)
        panel.chosen.connect(self.choose)
        panel.removed.connect(self.remove)
        for signal in (editor.changed, editor.live_changed, editor.suggester.scored):
            signal.connect(self._show)

    def begin(self) -> None:
        """Keep the crop in hand and begin another, with the best suggestion that is left.

        As long as the one in hand is whole there is nothing to keep.
        """
        photo = self._editor.photo
        if photo is None or photo.edit.owner is Owner.WHOLE:
            return
        kept = (photo.edit.crop, *(other.crop for other in photo.edit.others))
        proposed = best_left(photo, kept)
        owner = Owner.WHOLE if proposed is None else Owner.PROPOSED
        crop = proposed or self._whole(photo)
        fresh = new_id()
        self._editor.step(lambda edit: begun(edit, fresh, crop, owner), self.tr("New crop"))
        self.focus_released.emit()

    def choose(self, crop_id: str) -> None:
        """Take another crop in hand; a view, not a step."""
        photo = self._editor.photo
        if photo is None or self._editor.button_down or crop_id == photo.edit.crop_id:
            return
        if any(other.id == crop_id for other in photo.edit.others):
            self._editor.document.amend(photo, self._in_its_canvas(photo, crop_id))
        self.focus_released.emit()

    def choose_next(self) -> None:
        """Take the next crop in hand, after the last the first."""
        photo = self._editor.photo
        if photo is not None and photo.edit.others:
            ids = [kept.id for kept in all_crops(photo.edit)]
            self.choose(ids[(ids.index(photo.edit.crop_id) + 1) % len(ids)])

    def remove(self, crop_id: str | None = None) -> None:
        """Remove a crop, without an id the one in hand."""
        photo = self._editor.photo
        if photo is None:
            return
        gone = photo.edit.crop_id if crop_id is None else crop_id
        if photo.edit.others or photo.edit.owner is Owner.MINE:
            fresh, whole = new_id(), self._whole(photo)
            self._editor.step(
                lambda edit: removed(edit, gone, fresh, whole), self.tr("Remove crop")
            )
            self._editor.suggester.propose_again()
        self.focus_released.emit()

    @staticmethod
    def _whole(photo: OpenPhoto) -> Crop:
        """As much of the photo as there is, straightened as it is now."""
        angle = photo.edit.crop.angle
        return centred(ORIGINAL, photo.width, photo.height, angle) if angle else Crop()

    @staticmethod
    def _in_its_canvas(photo: OpenPhoto, crop_id: str) -> Edit:
        """The edit with another crop in hand; protected areas lie where they did in the photo."""
        before, edit = photo.edit, chosen(photo.edit, crop_id)
        size = photo.width, photo.height
        areas = areas_at(edit.protect, before.crop.angle, edit.crop.angle, size)
        return replace(edit, protect=areas)

    def _show(self) -> None:
        photo = self._editor.photo
        if photo is None:
            self._panel.show_lines((), "")
            self.other_crops_changed.emit(())
            return
        self.other_crops_changed.emit(tuple(other.crop for other in photo.edit.others))
        crops = all_crops(photo.edit)
        lines = tuple(self._line(photo, kept) for kept in crops) if len(crops) > 1 else ()
        self._panel.show_lines(lines, photo.edit.crop_id)

    def _line(self, photo: OpenPhoto, kept: CropEntry) -> CropLine:
        crop = self._editor.crop if kept.id == photo.edit.crop_id else kept.crop
        _, _, wide, high = pixels(crop, kept.aspect, photo.width, photo.height)
        crop_score = photo.suggestion_state.crop_scores.get(kept.id)
        score = (
            f"{crop_score.score:.0f}" if crop_score is not None and crop_score.crop == crop else ""
        )
        return CropLine(
            kept.id,
            crop.shape,
            pixel_ratio(crop, photo.width, photo.height),
            aspect_text(kept.aspect, crop, photo.width, photo.height),
            f"{wide} × {high}",
            score,
        )

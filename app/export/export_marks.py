"""Marks on the canvas what a file will lack of the crop in hand, and what its place covers."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.canvas.crop_view import CropView
from app.editor.editor import Editor
from app.i18n.place_texts import place_name
from app.i18n.size_texts import size_name
from app.settings import Settings
from cropcore.batch.preset import Preset
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.safe_areas import PLACES
from cropcore.images.output_size import Size
from cropcore.images.render import trimmed_crop


class ExportMarks(QObject):
    """Follows the crop in hand and what is made of it: by the options of the export, in a review by the
    preset."""

    def __init__(self, editor: Editor, settings: Settings, canvas: CropView) -> None:
        super().__init__(canvas)
        self._editor, self._settings, self._canvas = editor, settings, canvas
        self._preset: Preset | None = None
        editor.changed.connect(self.follow)
        editor.live_changed.connect(self.follow)

    def set_preset(self, preset: Preset | None) -> None:
        """The preset of the review that is shown; None outside a review."""
        self._preset = preset
        self.follow()

    def follow(self) -> None:
        """Another crop is in hand, or something else will be made of it."""
        photo, left, label = self._editor.photo, None, ""
        if photo is not None:
            aspect, size = photo.edit.aspect, self._size(photo.edit.aspect)
            left = trimmed_crop(photo.width, photo.height, self._editor.crop, aspect, size)
            label = self.tr("Export {0}").format(size_name(size) if size is not None else "")
        self._canvas.set_trimmed(None if left is None else (label, left))
        name = self._settings.place if self._preset is None else self._preset.place
        place = PLACES.get(name)
        if photo is None or place is None or not place.suits(photo.edit.aspect):
            self._canvas.set_safe_area(None)
        else:
            self._canvas.set_safe_area((place_name(name), place))

    def _size(self, aspect: Aspect) -> Size | None:
        """What becomes of the size of the crop in hand."""
        if self._preset is None:
            return self._settings.export.size
        return self._preset.size_of(aspect)

"""State of the canvas: photo, crop, candidates, overlays, view mode, and their screen coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.canvas import other_crops
from app.canvas.fade import Fade
from app.canvas.map_overlay import AreaMask, Heatmap
from app.canvas.photo_layer import PhotoImage
from app.canvas.photo_pose import Pose
from app.canvas.zoom_view import ZoomView
from app.document.edit import Owner
from cropcore.geometry.crop import Box, Candidate, Crop, Map
from cropcore.geometry.orientation import UPRIGHT, Orientation


class ViewMode(StrEnum):
    """What of the photo is shown."""

    EDIT = "edit"
    """The photo with its crop and everything that helps to judge it."""
    BEFORE = "before"
    """The uncropped photo alone."""
    RESULT = "result"
    """The crop alone, on the colour of the canvas."""
    MASKED = "masked"
    """The photo darkened where the crop should not lie, with the crop's outline."""


class CanvasState(ZoomView):
    """A photo with its crop, candidates, map, guides and protected areas, as they are set.

    Signals:
        candidates_visible_changed: the brackets and pills were switched on or off.
    """

    candidates_visible_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo = PhotoImage(self)
        self._photo.sharpened.connect(self._repaint)
        self._pose = Pose()
        self._look_waits = False
        self._crop: Crop | None = None
        self._owner = Owner.WHOLE
        self._ratio: float | None = None
        self._circle = False
        self._candidates: tuple[Candidate, ...] = ()
        self._beside: tuple[Crop, ...] = ()
        self._preview: int | None = None
        self._hovered: int | None = None
        self._heatmap: Heatmap | None = None
        self._map_value: float | None = None
        self._mask: AreaMask | None = None
        self._guide, self._turn, self._guides_always = "none", 0, False
        self._mode = ViewMode.EDIT
        self._look_before: tuple[bool, float, QPointF] | None = None
        self._nested: tuple[other_crops.Guide, ...] = ()
        self._protected: tuple[Box, ...] = ()
        self._protect_mode = False
        self._straightening = False
        self._protect_hovered: int | None = None
        self._label = ""
        self._dragging = False
        self._focus_shown = False
        self._dimming = Fade(1.0, self)
        self._dimming.changed.connect(self._repaint)
        self._shown = Fade(1.0, self)
        self._shown.changed.connect(self._repaint)
        self._candidates_visible = True

    @property
    def crop(self) -> Crop | None:
        """The crop that is drawn."""
        return self._crop

    @property
    def pose(self) -> Pose:
        """How the photo lies on the canvas; all boxes are fractions of that."""
        return self._pose

    @property
    def _size(self) -> tuple[float, float]:
        """Width and height of the photo, or of the canvas that holds it straightened; 0 with none."""
        return self._pose.canvas

    @property
    def view_mode(self) -> ViewMode:
        """What of the photo is shown."""
        return self._mode

    @property
    def candidates_visible(self) -> bool:
        """Whether brackets and pills are shown."""
        return self._candidates_visible

    @property
    def photo(self) -> PhotoImage:
        """The photo's pixels."""
        return self._photo

    def set_photo(
        self, image: QImage | None, width: int, height: int, turn: Orientation = UPRIGHT
    ) -> None:
        """Show another photo, fitted, and forget what belonged to the last one.

        ``image`` may be a smaller preview of the photo, which is ``width`` x ``height`` after
        ``turn``; None shows nothing.
        """
        self._pose = Pose(width, height) if image is not None else Pose()
        self._crop, self._owner, self._label = None, Owner.WHOLE, ""
        self._candidates, self._preview, self._hovered = (), None, None
        self._heatmap, self._mask = None, None
        self._protected, self._protect_hovered = (), None
        self._look_before = None
        self._photo.set_image(image, turn)
        self._fit_extent()
        self.zoom_fit()
        self._repaint()

    def set_photo_image(self, image: QImage) -> None:
        """Replace the pixels by sharper ones of the same photo; zoom and crop stay."""
        self._photo.sharpen(image)

    def set_turn(self, turn: Orientation, width: int, height: int) -> None:
        """Show the same photo after another turn, which makes it ``width`` x ``height``."""
        by = self._photo.turn.inverse.then(turn)
        if not self._size[0] or by == UPRIGHT:
            return
        spot, (wide, high) = self.saved_look()[2], self._size
        x, y = spot.x() / wide, spot.y() / high
        angle = -self._pose.angle if by.mirrored else self._pose.angle
        self._photo.set_turn(turn)
        self._pose = Pose(width, height, angle)
        x, y, _, _ = by.boxes((x, y, x, y)).tolist()
        wide, high = self._size
        self.look_again(self._whole_extent(), QPointF(x * wide, y * high))
        self._repaint()

    def hold_look(self, on: bool) -> None:
        """Keep the zoom while the angle changes; afterwards a fitted photo is fitted again."""
        self._look_waits = on
        if not on and self.is_fitted:
            self.zoom_fit()

    def set_crop(self, crop: Crop | None, owner: Owner) -> None:
        """Draw ``crop``, and the photo straightened as it says; a first proposal fades in."""
        if crop is not None and self._size[0] and self._mode is not ViewMode.BEFORE:
            self._set_pose(replace(self._pose, angle=crop.angle))
        fresh = owner is Owner.PROPOSED and (self._crop is None or self._owner is Owner.WHOLE)
        self._crop, self._owner = crop, owner
        if fresh:
            self._dimming.send(0.0, at_once=True)
        self._dimming.send(1.0, at_once=not fresh)
        if self._mode is ViewMode.RESULT:
            self._fit_extent()
            self.zoom_fit()
        self._repaint()

    def set_ratio_lock(self, ratio: float | None) -> None:
        """Width / height in pixels that drags must keep; None for any."""
        self._ratio = ratio

    def set_circle(self, on: bool) -> None:
        """Whether drags make circles."""
        self._circle = on

    def set_other_crops(self, crops: Sequence[Crop]) -> None:
        """Outline the photo's other crops."""
        if tuple(crops) != self._beside:
            self._beside = tuple(crops)
            self._repaint()

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Show these suggestions."""
        self._candidates = tuple(candidates)
        self._repaint()

    def set_candidates_visible(self, on: bool) -> None:
        """Fade brackets and pills in or out."""
        if on != self._candidates_visible:
            self._candidates_visible = on
            self._shown.send(1.0 if on else 0.0)
            self.candidates_visible_changed.emit(on)

    def preview_candidate(self, rank: int | None) -> None:
        """Outline a candidate and dim around it; nothing changes by it."""
        self._preview = rank
        self._repaint()

    def set_map(self, shown: Map | None, opacity: float = 0.6) -> None:
        """Lay a map over the greyed photo, or take it away."""
        if shown is None:
            self._heatmap = None
        elif self._heatmap is not None and self._heatmap.map is shown:
            self._heatmap.set_opacity(opacity)
        else:
            self._heatmap = Heatmap(shown, opacity)
        self._repaint()

    def set_area(self, area: Map | None) -> None:
        """What the masked view darkens by; None leaves the photo as it is."""
        if area is None:
            self._mask = None
        elif self._mask is None or self._mask.map is not area:
            self._mask = AreaMask(area)
        self._repaint()

    def set_guide(self, name: str, turn: int = 0) -> None:
        """Choose one of ``guides.GUIDES``; ``turn`` turns the spiral."""
        self._guide, self._turn = name, turn
        self._repaint()

    def set_guides_always(self, on: bool) -> None:
        """Draw guides at all times, not only during a drag."""
        self._guides_always = on
        self._repaint()

    def set_nested(self, guides: Sequence[other_crops.Guide]) -> None:
        """Draw these crops, each with its label, inside the crop in hand."""
        self._nested = tuple(guides)
        self._repaint()

    def set_view_mode(self, mode: ViewMode) -> None:
        """Show the photo for editing, as it was, or the result; each result is fitted."""
        if mode is self._mode:
            return
        if self._mode is ViewMode.EDIT:
            self._look_before = self.saved_look()
        straight = self._crop.angle if self._crop is not None else 0.0
        edited = replace(self._pose, angle=straight)
        self._mode = mode
        self._pose = replace(edited, angle=0.0) if mode is ViewMode.BEFORE else edited
        self._fit_extent()
        if mode is ViewMode.RESULT:
            self.zoom_fit()
        elif self._look_before is not None:
            fitted, zoom, spot = self._look_before
            self.restore_look((fitted, zoom, self._pose.spot_of(edited, spot)))
        self._repaint()

    def set_protected(self, boxes: Sequence[Box]) -> None:
        """Draw these areas that no suggestion may cut."""
        self._protected = tuple(boxes)
        self._protect_hovered = None
        self._repaint()

    def set_protect_mode(self, on: bool) -> None:
        """Let drags draw, move and resize protected areas instead of the crop."""
        self._protect_mode = on
        self._repaint()

    def set_label(self, text: str) -> None:
        """The line under the crop."""
        self._label = text
        self.setAccessibleDescription(text)
        self._repaint()

    def crop_rect(self, box: Box) -> QRectF:
        """A box (fractions of the canvas) in the viewport."""
        width, height = self._size
        low = self.to_viewport(QPointF(box[0] * width, box[1] * height))
        high = self.to_viewport(QPointF(box[2] * width, box[3] * height))
        return QRectF(low, high)

    def _previewed(self) -> Crop | None:
        """The candidate that is hovered here or elsewhere."""
        rank = self._hovered if self._hovered is not None else self._preview
        return next((c.crop for c in self._at_hand() if c.rank == rank), None)

    def _at_hand(self) -> tuple[Candidate, ...]:
        """The candidates for the photo as it is straightened now."""
        return tuple(c for c in self._candidates if c.crop.angle == self._pose.angle)

    def _set_pose(self, pose: Pose) -> None:
        """Turn the photo on the canvas; what was in the middle of the view stays there."""
        if pose != self._pose:
            spot = pose.spot_of(self._pose, self.saved_look()[2])
            self._pose = pose
            self.look_again(self._whole_extent(), spot, refit=not self._look_waits)
            self._repaint()

    def _fit_extent(self) -> None:
        width, height = self._size
        extent = self._whole_extent()
        if self._mode is ViewMode.RESULT and self._crop is not None:
            x1, y1, x2, y2 = self._crop.box
            extent = QRectF(x1 * width, y1 * height, (x2 - x1) * width, (y2 - y1) * height)
        self.set_extent(extent)

    def _whole_extent(self) -> QRectF:
        return QRectF(0, 0, *self._size)

    def _repaint(self) -> None:
        self.viewport().update()

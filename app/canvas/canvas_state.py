"""State of the canvas: photo, crop, candidates, overlays, view mode and tool, as they are set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.canvas import other_crops
from app.canvas.fade import Fade
from app.canvas.map_overlay import AreaMask, Heatmap
from app.canvas.photo_layer import PhotoImage
from app.canvas.photo_pose import Pose
from app.document.edit import Owner
from app.document.shown_candidates import ShownCandidates
from app.runtime.background import single_shot
from cropcore.geometry.crop import Box, Candidate, Crop, Map
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.safe_areas import Place
from cropcore.images.lossless_jpeg import BlockGrid

_GUIDE_MS = 1800
"""How long a guide that was just chosen is drawn."""


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


class ToolKind(StrEnum):
    """What a drag on the photo does; of several that are on, the first listed here has it."""

    LEVEL = "level"
    """Draws a line to straighten by."""
    AREAS = "areas"
    """Draws, moves and resizes protected areas."""
    HEADS = "heads"
    """Dismisses persons' heads by a click and draws missed ones."""
    CROP = "crop"
    """Draws, moves and resizes the crop, and takes candidates. Always on."""


class CanvasState(QObject):
    """What the canvas shows. The methods here alone write the attributes; painter and tools read them.

    Attributes:
        photo: the photo's pixels.
        pose: how the photo lies on the canvas; all boxes are fractions of that.
        crop, owner: the crop that is drawn, and whose it is.
        dragging: whether a drag has the crop in hand.
        ratio, circle: what drags of the crop must keep (width / height in pixels, or None).
        candidates, candidates_visible: suggestions, and whether they are marked.
        takeable: whether the candidates answer what is asked now; else they are marked faintly.
        hovered, preview: rank of the candidate under the pointer, or shown from elsewhere.
        other_crops, nested: crops that are outlined beside the one in hand.
        trimmed: what an export would leave of the crop, with a label; None where it is all of it.
        safe_area: the place that the crop is for, with its name; None where it is for none.
        heatmap, map_value, mask: the map over the photo, its value under the pointer, the masked view.
        guide, turn, guides_always: the composition guide.
        guide_passing: how far a guide that was just chosen is faded in.
        blocks: the grid of a JPEG's blocks, where the crop is to be cut without loss.
        protected, protect_hovered: areas no suggestion may cut, and whose x is under the pointer.
        heads, heads_visible: persons' heads, and whether they are outlined.
        head_hovered, head_drawn: index of the head that a click dismisses, and the one being drawn.
        mode, tool, label, focus_shown: view mode, tool in hand, line under the crop, focus frame.
        darkness: how dark all but the crop is, from 0 (as ever) to 1 (black).
        dimming, marks: how far the dimming around a proposal and the candidates' marks are faded in.

    Signals:
        changed: paint again.
        candidates_visible_changed: the marks of the candidates were switched on or off.
    """

    changed = Signal()
    candidates_visible_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.photo = PhotoImage(self)
        self.photo.sharpened.connect(self.changed)
        self.pose = Pose()
        self.crop: Crop | None = None
        self.owner = Owner.WHOLE
        self.dragging = False
        self.ratio: float | None = None
        self.circle = False
        self.candidates: tuple[Candidate, ...] = ()
        self.takeable = True
        self.candidates_visible = True
        self.hovered: int | None = None
        self.preview: int | None = None
        self.other_crops: tuple[Crop, ...] = ()
        self.nested: tuple[other_crops.Guide, ...] = ()
        self.trimmed: other_crops.Guide | None = None
        self.safe_area: tuple[str, Place] | None = None
        self.heatmap: Heatmap | None = None
        self.map_value: float | None = None
        self.mask: AreaMask | None = None
        self.guide, self.turn, self.guides_always = "none", 0, False
        self.guide_passing = Fade(0.0, self)
        self.guide_passing.changed.connect(self.changed)
        self._guide_time = single_shot(self, _GUIDE_MS, lambda: self.guide_passing.send(0.0))
        self.blocks: BlockGrid | None = None
        self.protected: tuple[Box, ...] = ()
        self.protect_hovered: int | None = None
        self.heads: tuple[Box, ...] = ()
        self.heads_visible = False
        self.head_hovered: int | None = None
        self.head_drawn: Box | None = None
        self.mode = ViewMode.EDIT
        self.tool = ToolKind.CROP
        self._tools = {ToolKind.CROP}
        self.label = ""
        self.focus_shown = False
        self.darkness = 0.0
        self.dimming = Fade(1.0, self)
        self.dimming.changed.connect(self.changed)
        self.marks = Fade(1.0, self)
        self.marks.changed.connect(self.changed)

    @property
    def has_photo(self) -> bool:
        """Whether a photo is shown."""
        return bool(self.pose.canvas[0])

    @property
    def guide_strength(self) -> float:
        """How strongly the guide is drawn, from 0 to 1."""
        return 1.0 if self.dragging or self.guides_always else self.guide_passing.value

    @property
    def is_editing(self) -> bool:
        """Whether a photo is shown for editing."""
        return self.has_photo and self.mode is ViewMode.EDIT

    @property
    def edited_pose(self) -> Pose:
        """How the photo lies while it is edited."""
        return replace(self.pose, angle=self.crop.angle if self.crop is not None else 0.0)

    @property
    def at_hand(self) -> tuple[Candidate, ...]:
        """The candidates for the photo as it is straightened now."""
        return tuple(c for c in self.candidates if c.crop.angle == self.pose.angle)

    @property
    def previewed(self) -> Crop | None:
        """The candidate that is hovered here or elsewhere."""
        rank = self.hovered if self.hovered is not None else self.preview
        return next((c.crop for c in self.at_hand if c.rank == rank), None)

    # The photo -------------------------------------------------------------------------------

    def set_photo(
        self, image: QImage | None, width: int, height: int, turn: Orientation = UPRIGHT
    ) -> None:
        """Show another photo, and forget what belonged to the last one.

        ``image`` may be a smaller preview of the photo, which is ``width`` x ``height`` after
        ``turn``; None shows nothing.
        """
        self.pose = Pose(width, height) if image is not None else Pose()
        self.crop, self.owner, self.label, self.dragging = None, Owner.WHOLE, "", False
        self.preview, self.hovered = None, None
        self.trimmed, self.safe_area = None, None
        self.heatmap, self.mask = None, None
        self.protected, self.protect_hovered = (), None
        self.heads, self.head_hovered, self.head_drawn = (), None, None
        self.photo.set_image(image, turn)
        self.changed.emit()

    def set_turn(self, turn: Orientation, width: int, height: int) -> None:
        """Show the same photo after another turn, which makes it ``width`` x ``height``."""
        by = self.photo.turn.inverse.then(turn)
        self.photo.set_turn(turn)
        self.pose = Pose(width, height, -self.pose.angle if by.mirrored else self.pose.angle)
        self.changed.emit()

    def set_mode(self, mode: ViewMode) -> None:
        """What of the photo is shown; as it was, it is not straightened."""
        self.mode = mode
        edited = self.edited_pose
        self.pose = replace(edited, angle=0.0) if mode is ViewMode.BEFORE else edited
        self.changed.emit()

    def set_darkness(self, share: float) -> None:
        """How dark all but the crop is, from 0 (as ever) to 1 (black)."""
        self.darkness = share
        self.changed.emit()

    # The crop --------------------------------------------------------------------------------

    def set_crop(self, crop: Crop | None, owner: Owner) -> None:
        """Draw ``crop``, and the photo straightened as it says; a first proposal fades in."""
        if crop is not None and self.has_photo and self.mode is not ViewMode.BEFORE:
            self.pose = replace(self.pose, angle=crop.angle)
        fresh = owner is Owner.PROPOSED and (self.crop is None or self.owner is Owner.WHOLE)
        self.crop, self.owner = crop, owner
        if fresh:
            self.dimming.send(0.0, at_once=True)
        self.dimming.send(1.0, at_once=not fresh)
        self.changed.emit()

    def drag_crop(self, crop: Crop) -> None:
        """Draw the crop that a drag has in hand."""
        self.crop, self.dragging = crop, True
        self.changed.emit()

    def end_drag(self, crop: Crop | None, owner: Owner) -> None:
        """The drag let go: this is the crop, and whose it is."""
        self.crop, self.owner, self.dragging = crop, owner, False
        self.changed.emit()

    def set_blocks(self, blocks: BlockGrid | None) -> None:
        """The grid that the crop moves onto when it is cut; shown while it is dragged."""
        self.blocks = blocks
        self.changed.emit()

    def set_ratio_lock(self, ratio: float | None) -> None:
        """Width / height in pixels that drags must keep; None for any."""
        self.ratio = ratio

    def set_circle(self, on: bool) -> None:
        """Whether drags make circles."""
        self.circle = on

    def set_label(self, text: str) -> None:
        """The line under the crop."""
        self.label = text
        self.changed.emit()

    def set_other_crops(self, crops: Sequence[Crop]) -> None:
        """Outline the photo's other crops."""
        if tuple(crops) != self.other_crops:
            self.other_crops = tuple(crops)
            self.changed.emit()

    def set_nested(self, guides: Sequence[other_crops.Guide]) -> None:
        """Draw these crops, each with its label, inside the crop in hand."""
        self.nested = tuple(guides)
        self.changed.emit()

    def set_trimmed(self, left: other_crops.Guide | None) -> None:
        """Mark what an export would cut from the crop, around what it would leave."""
        if left != self.trimmed:
            self.trimmed = left
            self.changed.emit()

    def set_safe_area(self, place: tuple[str, Place] | None) -> None:
        """Mark what the place covers that the crop is for; with its name."""
        if place != self.safe_area:
            self.safe_area = place
            self.changed.emit()

    # Candidates ------------------------------------------------------------------------------

    def observe(self, shown: ShownCandidates) -> None:
        """Show these candidates, faintly while none of them may be taken."""
        self._shown = shown
        shown.changed.connect(self._show_candidates)
        shown.takeable_changed.connect(self._show_candidates)
        self._show_candidates()

    def _show_candidates(self) -> None:
        self.set_candidates(self._shown.candidates, self._shown.are_takeable)

    def set_candidates(self, candidates: Sequence[Candidate], takeable: bool = True) -> None:
        """Show these suggestions, faintly where they are not ``takeable``."""
        self.candidates, self.takeable = tuple(candidates), takeable
        self.changed.emit()

    def set_candidates_visible(self, on: bool) -> None:
        """Fade brackets and pills in or out."""
        if on != self.candidates_visible:
            self.candidates_visible = on
            self.marks.send(1.0 if on else 0.0)
            self.candidates_visible_changed.emit(on)

    def preview_candidate(self, rank: int | None) -> None:
        """Outline a candidate and dim around it; nothing changes by it."""
        self.preview = rank
        self.changed.emit()

    def hover_candidate(self, rank: int | None) -> None:
        """The candidate whose pill is under the pointer."""
        self.hovered = rank
        self.changed.emit()

    # Overlays --------------------------------------------------------------------------------

    def set_map(self, shown: Map | None, opacity: float = 0.6) -> None:
        """Lay a map over the greyed photo, or take it away."""
        if shown is None:
            self.heatmap = None
        elif self.heatmap is not None and self.heatmap.map is shown:
            self.heatmap.set_opacity(opacity)
        else:
            self.heatmap = Heatmap(shown, opacity)
        self.changed.emit()

    def hover_map(self, value: float | None) -> None:
        """The map's value under the pointer."""
        self.map_value = value
        self.changed.emit()

    def set_area(self, area: Map | None) -> None:
        """What the masked view darkens by; None leaves the photo as it is."""
        if area is None:
            self.mask = None
        elif self.mask is None or self.mask.map is not area:
            self.mask = AreaMask(area)
        self.changed.emit()

    def set_guide(self, name: str, turn: int = 0) -> None:
        """Choose one of ``guides.GUIDES``; ``turn`` turns the spiral."""
        self.guide, self.turn = name, turn
        self.changed.emit()

    def show_guide_awhile(self) -> None:
        """Draw the guide for a moment, without a drag."""
        self.guide_passing.send(1.0, at_once=True)
        self._guide_time.start()

    def set_guides_always(self, on: bool) -> None:
        """Draw guides at all times, not only during a drag."""
        self.guides_always = on
        self.changed.emit()

    # Tools -----------------------------------------------------------------------------------

    def set_tool(self, tool: ToolKind, on: bool) -> None:
        """Switch a tool on or off."""
        if on:
            self._tools.add(tool)
        else:
            self._tools.discard(tool)
        self.tool = next(kind for kind in ToolKind if kind in self._tools)
        self.changed.emit()

    def is_on(self, tool: ToolKind) -> bool:
        """Whether a tool is on, be it behind another."""
        return tool in self._tools

    def set_protected(self, boxes: Sequence[Box]) -> None:
        """Draw these areas that no suggestion may cut."""
        self.protected = tuple(boxes)
        self.protect_hovered = None
        self.changed.emit()

    def hover_protected(self, index: int | None) -> None:
        """The protected area whose x is under the pointer."""
        if index != self.protect_hovered:
            self.protect_hovered = index
            self.changed.emit()

    def set_heads(self, boxes: Sequence[Box]) -> None:
        """Persons' heads, as far as they are known."""
        if tuple(boxes) != self.heads:
            self.heads, self.head_hovered = tuple(boxes), None
            self.changed.emit()

    def set_heads_visible(self, on: bool) -> None:
        """Outline the heads; while they are corrected they are outlined in any case."""
        self.heads_visible = on
        self.changed.emit()

    def hover_head(self, index: int | None) -> None:
        """The head that a click dismisses."""
        if index != self.head_hovered:
            self.head_hovered = index
            self.changed.emit()

    def draw_head(self, box: Box | None) -> None:
        """The head that is being drawn."""
        self.head_drawn = box
        self.changed.emit()

    def show_focus(self, on: bool) -> None:
        """Frame the canvas because it has the focus by keyboard."""
        self.focus_shown = on
        self.changed.emit()

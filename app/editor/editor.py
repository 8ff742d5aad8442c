"""Editor of the current photo: turns gestures and commands into undoable edits.

No widget is known here. The window turns gestures into calls and paints what the signals announce.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.document.document import ORIGINAL, Document, Edit
from app.document.edit import CropAction, Owner
from app.document.edit_crops import all_crops, arranged
from app.document.heads import in_file
from app.document.open_photo import OpenPhoto
from app.document.replaced_file import carried
from app.document.undo import NUDGE
from app.editor.gesture import Gesture
from app.editor.suggester import Suggester
from app.engine.messages import EngineClient
from app.i18n.engine_messages import translated
from cropcore.errors import AspectError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Candidate, Crop
from cropcore.geometry.crop_text import crop_of_text
from cropcore.geometry.heads import HeadCorrections
from cropcore.geometry.orientation import Orientation
from cropcore.geometry.refit import Side, centred, keeps, nudged, pixel_ratio, pixels, refit, typed
from cropcore.geometry.straighten import with_angle


class Editor(QObject):
    """Turns what the person does into edits of the shown photo.

    It has a ``gesture``, which it alone changes, and a ``suggester``, which asks the engine and
    proposes.

    Signals: ``changed`` (another photo is shown, another edit of it, or its picture came),
    ``live_changed`` (the crop in hand moved, or came back), ``failed`` (a text).
    """

    changed = Signal()
    live_changed = Signal()
    failed = Signal(str)

    def __init__(
        self, document: Document, engine: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.gesture = Gesture()
        self._chosen: Aspect | None = None
        # It hears of an edit first: what is told of it holds when others hear.
        self.suggester = Suggester(document, engine, self.gesture, self)
        document.current_changed.connect(self._show_other)
        document.edit_changed.connect(self._tell_edit)

    # What is shown ---------------------------------------------------------------------------

    @property
    def photo(self) -> OpenPhoto | None:
        """The shown photo, once its size is known."""
        return self.document.current_read

    @property
    def crop(self) -> Crop:
        """The crop in hand: the one being dragged, else the photo's."""
        return self.gesture.crop_of(self.photo)

    @property
    def chosen_aspect(self) -> Aspect | None:
        """The aspect that the person chose last, on whichever photo; None before the first choice."""
        return self._chosen

    @property
    def button_down(self) -> bool:
        """Whether a crop or a slider is held."""
        return self.gesture.button_down

    def photo_read(self, key: int) -> None:
        """The header of a photo was read: it can be edited and asked about."""
        photo = self.photo
        if photo is not None and photo.key == key:
            self._show_other()

    def announce(self) -> None:
        """Have all of the shown photo shown: its picture came, or it is another one."""
        self.changed.emit()
        self.suggester.announce()

    def _show_other(self) -> None:
        self._give_up()
        self.announce()
        self.suggester.ask()
        self.suggester.settle()

    def _give_up(self) -> None:
        """A slide that was cut short is none, for there would be no step to take it back."""
        photo, header, before = self.gesture.photo, self.gesture.header, self.gesture.before
        self.gesture.drop()
        if photo is None or header is None or before is None:
            return
        if photo.header is not None:
            edit, now = carried(before, header, photo.header), photo.edit
            edit = replace(edit, starred=now.starred, rejected=now.rejected)
            self.document.amend(photo, edit)

    def _tell_edit(self, key: int) -> None:
        photo = self.photo
        if photo is not None and photo.key == key:
            self.changed.emit()

    # Drags on the canvas ---------------------------------------------------------------------

    def set_holding(self, on: bool) -> None:
        """A button went down on the canvas, or came up again."""
        self.gesture.button_down = on
        if not on:
            self.suggester.settle()

    def drag(self, crop: Crop) -> None:
        """The crop in hand moved; nothing is decided before the release."""
        self.gesture.live = crop
        self.live_changed.emit()
        self.suggester.ask()

    def cancel_drag(self) -> None:
        """The drag was taken back: the crop before it stands."""
        self.gesture.live = None
        self.live_changed.emit()

    def finish_drag(self, crop: Crop, text: str) -> None:
        """The drag ended: the crop is the person's own, in one step.

        A drag with the lock inverted leaves the ratio; then the aspect becomes free.
        """
        self.gesture.live = None
        photo = self.photo
        if photo is None:
            return
        edit = photo.edit
        ratio = edit.aspect.ratio_for(photo.width, photo.height)
        after = edit.mine(crop)
        if ratio is not None and not keeps(crop, ratio, photo.width, photo.height):
            after = after.with_aspect(Aspect("free"))
        self.document.push(photo, edit, after, text)
        if photo.edit == edit:
            self.live_changed.emit()

    # The aspect ------------------------------------------------------------------------------

    def set_aspect(self, aspect: Aspect) -> None:
        """Choose an aspect: press and release at once."""
        if self.hold(quick=False):
            self._chosen = aspect
            self.slide_aspect(aspect)
            self.let_go(self.tr("Aspect {0}").format(aspect))

    def swap(self) -> None:
        """Exchange width and height."""
        if (photo := self.photo) is None:
            return
        aspect = photo.edit.aspect
        if aspect.kind == "original":
            known = self._aspect_of(photo.ratio)
            if known is None:
                return
            aspect = known
        self.set_aspect(aspect.swapped())

    def toggle_lock(self) -> None:
        """Lock the ratio of the crop in hand, or free it: the crop stays, and what is said of it."""
        if (photo := self.photo) is None or self.gesture.button_down:
            return
        aspect: Aspect | None = Aspect("free")
        if photo.edit.aspect.kind == "free":
            ratio = pixel_ratio(photo.edit.crop, photo.width, photo.height)
            original = math.isclose(ratio, photo.ratio, rel_tol=1e-4)
            aspect = ORIGINAL if original else self._aspect_of(ratio)
            if aspect is not None and max(aspect.width, aspect.height) > _READABLE:
                aspect = Aspect("ratio", round(ratio, 4), 1.0)
        if aspect is not None:
            self.suggester.keep_score(photo, photo.edit.with_aspect(aspect).question)
            self.set_aspect(aspect)

    def _aspect_of(self, ratio: float) -> Aspect | None:
        """The aspect of a ratio; one beyond all aspects is told and None."""
        try:
            return Aspect.of_ratio(ratio)
        except AspectError as error:
            self.failed.emit(translated(error))
            return None

    def toggle_circle(self) -> None:
        """The circle, or back to the aspect before it."""
        if (photo := self.photo) is None:
            return
        edit = photo.edit
        self.set_aspect(edit.before_circle if edit.aspect.is_circle else Aspect("circle"))

    # Sliders: hold, any number of changes, let go --------------------------------------------

    def hold(self, quick: bool = True, on_canvas: bool = False) -> bool:
        """A slider was pressed; False where there is nothing to change.

        Until it is let go or rests, ``quick`` suggestions will do. ``on_canvas`` says that a drag there,
        whose button is known to be down, is what changes the photo as a slider does.
        """
        photo = self.photo
        if photo is None or (self.gesture.button_down and not on_canvas):
            return False
        self.gesture.hold_slider(photo, quick)
        return True

    def slide_aspect(self, aspect: Aspect) -> None:
        """The held slider shows another aspect: the anchor is refitted, candidates follow."""
        photo, before, anchor = self.photo, self.gesture.before, self.gesture.anchor
        if photo is None or before is None:
            return
        if aspect == before.aspect:
            photo.anchor = (anchor, before.crop)
            self.document.amend(photo, before)
            return
        edit = before.with_aspect(aspect)
        crop = refit(anchor, aspect, photo.width, photo.height)
        if aspect.kind == "free":
            crop = replace(before.crop, shape="rect")  # freed as it is in hand
        photo.anchor = (anchor, crop)
        owner = before.owner
        if owner is Owner.WHOLE and crop != Crop():
            owner = Owner.PROPOSED
        self.document.amend(photo, replace(edit, crop=crop, owner=owner))

    def slide_tightness(self, tightness: float) -> None:
        """The held tightness slider moved: 0 keeps most of the photo, 1 is tight."""
        if self.photo is not None and self.gesture.before is not None:
            self.document.amend(self.photo, replace(self.photo.edit, tightness=tightness))

    def let_go(self, text: str) -> None:
        """The slider was released: all its changes are one step."""
        photo, before, quick = self.photo, self.gesture.before, self.gesture.quick
        self.gesture.drop()
        if photo is not None and before is not None:
            if photo.edit.aspect != before.aspect:
                self._chosen = photo.edit.aspect
            asked = photo.suggestion_state.latest_ask
            self.document.push(photo, before, photo.edit, text)
            self.suggester.settle()
            if quick and photo.suggestion_state.latest_ask == asked:
                self.suggester.ask()

    def take_back(self) -> None:
        """What is held is given up, with its button still down: the photo is as it was at the press."""
        down = self.gesture.button_down
        self._give_up()
        self.gesture.button_down = down

    # Single steps ----------------------------------------------------------------------------

    def take(self, candidate: Candidate, aspect: Aspect, text: str = "") -> None:
        """Make a painted candidate the person's own, with the aspect it was painted for.

        The photo may be straightened otherwise by now: the crop is, too.
        """
        if (photo := self.photo) is None:
            return
        angle = photo.edit.crop.angle
        crop = candidate.crop
        if crop.angle != angle:
            crop = with_angle(crop, photo.width, photo.height, angle)
        self.step(
            lambda edit: edit.with_aspect(aspect).mine(crop, CropAction("taken", candidate.rank)),
            text or self.tr("Candidate {0}").format(candidate.rank),
        )

    def nudge(self, dx: int, dy: int) -> None:
        """Move the crop by pixels; a run of nudges is one step. What is whole has nowhere to go."""
        photo = self.photo
        if photo is not None and photo.edit.owner is not Owner.WHOLE:
            moved = nudged(photo.edit.crop, dx, dy, photo.width, photo.height)
            if moved != photo.edit.crop:
                self.step(lambda edit: edit.mine(moved), self.tr("Nudge crop"), NUDGE)

    def type_side(self, side: Side, value: int) -> None:
        """One number of the crop was typed, in pixels."""
        if (photo := self.photo) is not None:
            edit = photo.edit
            if pixels(edit.crop, edit.aspect, photo.width, photo.height)[_SIDES[side]] == value:
                return
            crop = typed(edit.crop, edit.aspect, side, value, photo.width, photo.height)
            if edit.owner is Owner.WHOLE and crop == edit.crop:
                return
            self.step(lambda edit: edit.mine(crop, CropAction("typed")), self.tr("Type numbers"))

    def take_text(self, text: str) -> None:
        """Take the crop that a text tells, such as "10 20 300 400", as the person's own.

        A ratio that it does not keep becomes free.

        Raises:
            GeometryError: it tells none, or one beyond the photo; nothing is changed.
        """
        if (photo := self.photo) is None:
            return
        edit, size = photo.edit, (photo.width, photo.height)
        found = crop_of_text(text, *size, edit.crop.angle, photo.path.name)
        crop = found.crop or centred(edit.aspect, *size, edit.crop.angle)
        if found.of_file:
            crop = edit.orientation.crop(crop)
        aspect = edit.aspect
        if crop.shape == "circle":
            aspect = Aspect("circle")
        else:
            ratio = aspect.ratio_for(*size)
            if ratio is not None and not keeps(crop, ratio, *size):
                aspect = Aspect("free")
            if aspect.is_circle:
                crop = replace(crop, shape="circle")
        self.step(
            lambda edit: edit.with_aspect(aspect).mine(crop, CropAction("typed")),
            self.tr("Crop by numbers"),
        )

    def reset(self) -> None:
        """The whole photo, decided by the person."""
        self.step(
            lambda edit: edit.with_aspect(
                edit.aspect if edit.aspect.kind == "free" else ORIGINAL
            ).mine(Crop(), CropAction("reset")),
            self.tr("Whole photo"),
        )

    def accept(self) -> bool:
        """Make the crop the person's own and show the next photo; False at the last one.

        A photo that is whole still, and not of the wanted ratio, has nothing to accept yet.
        """
        if (photo := self.photo) is not None and not _is_unfitted(photo):
            self.step(
                lambda edit: edit.mine(edit.crop, CropAction("accepted")), self.tr("Accept crop")
            )
        return self.document.step(1)

    def set_method(self, method: str) -> None:
        """Choose who proposes."""
        self.step(lambda edit: replace(edit, method=method), self.tr("Method"))

    def set_keep_heads(self, on: bool) -> None:
        """Whether suggestions keep persons' heads whole."""
        self.step(lambda edit: replace(edit, keep_heads=on), self.tr("Keep heads whole"))

    def set_keep_text(self, on: bool) -> None:
        """Whether suggestions keep pieces of text whole."""
        self.step(lambda edit: replace(edit, keep_text=on), self.tr("Keep text whole"))

    def dismiss_head(self, head: Box) -> None:
        """A head of the canvas is none."""
        self._correct_heads(head, HeadCorrections.dismissing, self.tr("Dismiss head"))

    def draw_head(self, head: Box) -> None:
        """A head of the canvas was missed."""
        self._correct_heads(head, HeadCorrections.drawing, self.tr("Draw head"))

    def _correct_heads(
        self, head: Box, correct: Callable[[HeadCorrections, Box], HeadCorrections], text: str
    ) -> None:
        photo = self.photo
        if photo is not None:
            size = photo.width, photo.height
            level = in_file(head, photo.edit.orientation, photo.edit.crop.angle, size)
            self.step(lambda edit: replace(edit, heads=correct(edit.heads, level)), text)

    def set_protected(self, boxes: Sequence[Box]) -> None:
        """Choose the areas that no suggestion may cut."""
        self.step(lambda edit: replace(edit, protect=tuple(boxes)), self.tr("Protected areas"))

    def mark_exported(
        self, key: int, crop_id: str, crop: Crop, aspect: Aspect, orientation: Orientation
    ) -> None:
        """A crop was written to a file: it belongs to the person now, whichever is in hand.

        Another proposal that has been drawn since stays, and so does a photo that was turned since.
        """
        photo = self.document.find(key)
        if photo is None or photo.edit.orientation != orientation:
            return
        edit = photo.edit
        crops = {kept.id: kept for kept in all_crops(edit) if kept.aspect == aspect}
        kept = crops.get(crop_id)
        if kept is None or kept.owner is Owner.MINE:
            return
        if kept.owner is Owner.WHOLE or kept.crop == crop:
            mine = replace(kept, crop=crop, owner=Owner.MINE, action=CropAction("exported"))
            rest = tuple(mine if one.id == crop_id else one for one in all_crops(edit))
            self.document.amend(photo, arranged(edit, rest, edit.crop_id))

    def step(self, change: Callable[[Edit], Edit], text: str, merge: int = -1) -> None:
        """Change the shown photo's edit in one step, unless a drag or a slider is on its way."""
        photo = self.photo
        if photo is not None and not self.gesture.is_under_way:
            self.document.push(photo, photo.edit, change(photo.edit), text, merge)


def _is_unfitted(photo: OpenPhoto) -> bool:
    """Whether nobody has brought the photo into its aspect yet."""
    edit, size = photo.edit, (photo.width, photo.height)
    ratio = edit.aspect.ratio_for(*size)
    return edit.owner is Owner.WHOLE and ratio is not None and not keeps(edit.crop, ratio, *size)


_READABLE = 21
"""Larger terms of a ratio say less to people than a decimal does."""
_SIDES: dict[Side, int] = {"left": 0, "top": 1, "width": 2, "height": 3}

"""Controller that straightens, rotates and mirrors the current photo, as undoable edits."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.actions import Actions
from app.canvas.crop_view import CropView
from app.canvas.level_line_tool import angle_text
from app.document.document import Edit
from app.document.edit_crops import turned_edit
from app.document.open_photo import OpenPhoto
from app.document.photo_transform import MOST, PhotoTransform
from app.document.transform_edit import (
    edit_of,
    remember,
    straightened,
    transform_of,
    with_exact_others,
    with_place,
)
from app.document.undo import STRAIGHTEN
from app.editor.editor import Editor
from app.editor.level_finder import LevelFinder, PictureKey
from app.editor.straighten_panel import StraightenPanel
from app.runtime.background import single_shot
from app.runtime.workers import StopOrder, register_worker
from cropcore.geometry.orientation import (
    FLIP_HORIZONTAL,
    FLIP_VERTICAL,
    TURN_LEFT,
    TURN_RIGHT,
    Orientation,
)
from cropcore.images.level_detection import Level
from cropcore.images.photo import Photo

_REST_MS = 400


class StraightenTool(QObject):
    """The straighten tool, and the turns that need none.

    While the tool is on nothing is proposed, and questions wait until the angle rests.

    Signals: ``switched`` (whether the tool is on now).
    """

    switched = Signal(bool)

    def __init__(
        self, editor: Editor, canvas: CropView, panel: StraightenPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        register_worker(self, "straightening", StopOrder.READERS)
        self._editor = editor
        self._canvas = canvas
        self._panel = panel
        self._finding = LevelFinder(self)
        self._photo: OpenPhoto | None = None
        self._header: Photo | None = None
        self._first: PhotoTransform | None = None
        self._before: Edit | None = None
        self._began = self._upto = 0
        self._own_steps_only = True
        self._run = 0
        self._rest = single_shot(self, _REST_MS, editor.suggester.ask_ahead)
        panel.slider.pressed.connect(self._hold)
        panel.slider.moved.connect(self._slide)
        panel.slider.released.connect(self._let_go)
        panel.slider.reset.connect(lambda: self.set_angle(0.0))
        panel.typed.connect(self.set_angle)
        panel.levelled.connect(self.level)
        panel.done.connect(self.accept)
        panel.focus_released.connect(canvas.setFocus)
        canvas.line_drawn.connect(self._follow_line)
        canvas.turn_started.connect(self._hold_corner)
        canvas.turned.connect(self._turn_corner)
        canvas.turn_ended.connect(self._leave_corner)
        canvas.turn_cancelled.connect(self._cancel_corner)
        editor.changed.connect(self._show)
        editor.document.current_changed.connect(self._leave_other)
        self._finding.found.connect(self._show)

    @property
    def is_on(self) -> bool:
        """Whether the tool is on."""
        return self._photo is not None

    @property
    def angle(self) -> float:
        """Degrees clockwise by which the shown photo is straightened."""
        return self._editor.photo.edit.crop.angle if self._editor.photo is not None else 0.0

    @property
    def suggested(self) -> float | None:
        """The angle that makes the shown photo level by its own lines, where they tell."""
        level = self._level
        return level.angle if level is not None else None

    @property
    def _level(self) -> Level | None:
        photo = self._editor.photo
        found = self._finding.level(_picture(photo)) if photo is not None else None
        if found is None or photo is None or not photo.edit.orientation.mirrored:
            return found
        return Level(-found.angle + 0.0, found.certainty)

    def set_on(self, on: bool) -> None:
        """Take the tool up, or leave it with what was done."""
        if on:
            self._begin()
        else:
            self.accept()

    def accept(self) -> bool:
        """Leave the tool; False where it was not on."""
        if self._photo is None:
            return False
        self._let_go()
        self._photo = None
        self._rest.stop()
        self._canvas.set_straightening(False)
        self._editor.suggester.pause(False)
        self.switched.emit(False)
        self._canvas.setFocus()
        return True

    def cancel(self) -> bool:
        """Leave the tool with the angle that was there before; False where it was not on."""
        photo, before = self._photo, self._before
        if photo is None or before is None:
            return False
        self._let_go()
        stack = photo.stack
        if self._own_steps_only and stack.index() == self._upto:
            stack.setIndex(self._began)
        if photo.edit.crop != before.crop or photo.edit.orientation != before.orientation:
            by = photo.edit.orientation.inverse.then(before.orientation)
            after = with_place(turned_edit(photo.edit, by), before)
            self._push(photo, after, self.tr("Cancel straightening"))
        return self.accept()

    def set_angle(self, angle: float) -> None:
        """Straighten by an angle, in one step."""
        self._new_run()
        self._change(angle)
        self._new_run()

    def arrow(self, dx: int, dy: int) -> None:
        """An arrow key: a tenth of a degree for each pixel that it would nudge, while the tool is on.

        A run of keys is one step.
        """
        if self.is_on:
            self._change(round(self.angle + (dx - dy) / 10, 2))
        else:
            self._editor.nudge(dx, dy)

    def level(self) -> None:
        """Take the suggested angle."""
        if (angle := self.suggested) is not None:
            self.set_angle(angle)

    def turn(self, by: Orientation, text: str) -> None:
        """Turn or mirror the photo with all that lies in it, in one step."""
        photo = self._editor.photo
        if photo is None or self._editor.button_down:
            return
        transform = transform_of(photo)
        first = photo.origins.first(transform)
        wanted = first.turned(transform.orientation.then(by))
        edit = with_exact_others(photo, edit_of(photo.edit, wanted))
        angle = -transform.crop.angle + 0.0 if by.mirrored else transform.crop.angle
        made = wanted.straightened(angle, edit.aspect.ratio_for(*wanted.size))
        remember(photo, first, made)
        self._new_run()
        self._push(photo, with_place(edit, made), text)

    def connect_actions(self, act: Actions) -> None:
        """The tool and the turns, from menus, buttons and keys."""
        act["straighten"].triggered.connect(self.set_on)
        self.switched.connect(act["straighten"].setChecked)
        for name, by in (
            ("turn_left", TURN_LEFT),
            ("turn_right", TURN_RIGHT),
            ("flip", FLIP_HORIZONTAL),
            ("flip_down", FLIP_VERTICAL),
        ):
            action = act[name]
            action.triggered.connect(lambda _=False, b=by, a=action: self.turn(b, a.text()))

    def stop(self) -> None:
        """Look at no more photos."""
        self._rest.stop()

    # The tool --------------------------------------------------------------------------------

    def _begin(self) -> None:
        photo = self._editor.photo
        if self._photo is not None or photo is None or self._editor.button_down:
            self.switched.emit(self.is_on)
            return
        self._photo, self._before = photo, photo.edit
        self._header = photo.header
        self._began = self._upto = photo.stack.index()
        self._own_steps_only = True
        self._new_run()
        self._editor.suggester.pause(True)
        self._canvas.set_straightening(True)
        self.switched.emit(True)
        self._show()
        self._canvas.setFocus()

    def _leave_other(self) -> None:
        """Another photo is shown, another file, or another crop in hand: the tool is that of the one before."""
        photo, before = self._photo, self._before
        if photo is None or before is None:
            return
        other = photo is not self._editor.document.current or photo.header is not self._header
        if other or photo.edit.crop_id != before.crop_id:
            self._first = None
            self._canvas.hold_look(False)
            self.accept()

    def _show(self) -> None:
        """The panel follows the photo; its lines are looked at while the tool is on."""
        photo = self._editor.photo
        if photo is None:
            return
        self._leave_other()
        self._panel.show_angle(self.angle)
        if self.is_on and photo.preview is not None:
            self._finding.look(_picture(photo), photo.preview)
        sought = self._finding.knows(_picture(photo))
        self._panel.offer(self._level, self.angle, sought)

    # Gestures --------------------------------------------------------------------------------

    def _follow_line(self, turn: float) -> None:
        self.set_angle(round(self.angle + turn, 2))

    def _hold_corner(self) -> None:
        """The photo is turned by a corner of the crop, which needs no tool."""
        self._editor.suggester.pause(True)
        self._hold(on_canvas=True)

    def _turn_corner(self, angle: float) -> None:
        self._slide(min(max(angle, -MOST), MOST) + 0.0)

    def _leave_corner(self) -> None:
        """Who turns a crop by its corner has it in hand: it is the person's own."""
        photo, before = self._editor.photo, self._editor.gesture.before
        if photo is not None and before is not None and photo.edit.crop != before.crop:
            self._editor.document.amend(photo, photo.edit.mine(photo.edit.crop))
        self._let_go()
        self._end_corner()

    def _cancel_corner(self) -> None:
        self._first = None
        self._editor.take_back()
        self._canvas.hold_look(False)
        self._end_corner()

    def _end_corner(self) -> None:
        self._rest.stop()
        self._editor.suggester.pause(False)

    def _hold(self, on_canvas: bool = False) -> None:
        photo = self._editor.photo
        if photo is not None and self._editor.hold(quick=False, on_canvas=on_canvas):
            self._first = photo.origins.first(transform_of(photo))
            self._canvas.hold_look(True)
            self._rest.stop()

    def _slide(self, angle: float) -> None:
        photo, first = self._editor.photo, self._first
        if photo is not None and first is not None:
            self._editor.document.amend(
                photo, edit_of(photo.edit, straightened(photo, first, angle))
            )

    def _let_go(self) -> None:
        photo, first = self._editor.photo, self._first
        if photo is None or first is None:
            return
        self._first = None
        remember(photo, first, straightened(photo, first, self.angle))
        self._own_steps_only &= photo.stack.index() == self._upto
        self._editor.let_go(self._text(self.angle))
        self._upto = photo.stack.index()
        self._canvas.hold_look(False)
        self._new_run()
        self._rest.start()

    def _change(self, angle: float) -> None:
        photo = self._editor.photo
        if photo is None or self._first is not None:
            return
        first = photo.origins.first(transform_of(photo))
        made = straightened(photo, first, min(max(angle, -MOST), MOST) + 0.0)
        remember(photo, first, made)
        text = self._text(made.crop.angle)
        self._push(photo, edit_of(photo.edit, made), text, STRAIGHTEN + self._run)

    def _push(self, photo: OpenPhoto, after: Edit, text: str, merge: int = -1) -> None:
        self._own_steps_only &= photo.stack.index() == self._upto
        self._editor.document.push(photo, photo.edit, after, text, merge)
        self._upto = photo.stack.index()
        if self.is_on:
            self._rest.start()

    def _new_run(self) -> None:
        """The next key begins a step of its own."""
        self._run += 1

    def _text(self, angle: float) -> str:
        return self.tr("Straighten by {0}").format(angle_text(angle))


def _picture(photo: OpenPhoto) -> PictureKey:
    return photo.key, photo.stamp

"""A canvas on the screen, and a hand that moves the mouse over it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.crop_view import CropView
from app.canvas.drag_geometry import Handle
from cropcore.geometry.crop import Box, Candidate, Crop

WIDTH, HEIGHT = 6000, 4000
MIDDLE = Crop((0.25, 0.25, 0.75, 0.75))
LEFT, RIGHT, MID = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@dataclass
class Heard:
    """What the canvas said, in order."""

    view: CropView
    said: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in (
            "drag_started", "drag_cancelled", "crop_edited", "crop_dragging", "candidate_hovered",
            "candidate_taken", "protect_edited", "map_hovered", "result_requested",
            "holding_changed", "candidates_visible_changed", "turn_started", "turned", "turn_ended",
            "turn_cancelled",
        ):  # fmt: skip
            getattr(self.view, name).connect(self._listener(name))

    def _listener(self, name: str) -> object:
        return lambda *args: self.said.append((name, args))

    def all(self, name: str) -> list[tuple[object, ...]]:
        return [args for said, args in self.said if said == name]


def shown_view(qtbot: QtBot) -> CropView:
    """A canvas on the screen with a grey photo."""
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    view = CropView()
    qtbot.addWidget(view)
    view.resize(1024, 686)
    with qtbot.waitExposed(view):
        view.show()
    view.set_photo(image, WIDTH, HEIGHT)
    return view


def place(view: CropView, x: float, y: float) -> QPointF:
    """A place of the photo (fractions) in the viewport."""
    return view.to_viewport(QPointF(x * WIDTH, y * HEIGHT))


def mouse(
    view: CropView,
    kind: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    moving = kind == QEvent.Type.MouseMove
    up = kind == QEvent.Type.MouseButtonRelease
    event = QMouseEvent(
        kind,
        at,
        QPointF(view.viewport().mapToGlobal(at)),
        Qt.MouseButton.NoButton if moving else button,
        Qt.MouseButton.NoButton if up else button,
        keys,
    )
    QApplication.sendEvent(view.viewport(), event)


def press(view: CropView, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, at, button)


def to(view: CropView, at: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
    mouse(view, QEvent.Type.MouseMove, at, LEFT, keys)


def release(
    view: CropView,
    at: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    mouse(view, QEvent.Type.MouseButtonRelease, at, button, keys)


def drag(
    view: CropView,
    start: QPointF,
    by: tuple[float, float],
    keys: Qt.KeyboardModifier = PLAIN,
    button: Qt.MouseButton = LEFT,
) -> None:
    end = start + QPointF(*by)
    press(view, start, button)
    to(view, start + QPointF(*by) / 2, keys)
    to(view, end, keys)
    release(view, end, button, keys)


def grip(view: CropView, handle: Handle, box: Box = MIDDLE.box) -> QPointF:
    sx, sy = handle.value
    x = box[0] + (box[2] - box[0]) * (sx + 1) / 2
    y = box[1] + (box[3] - box[1]) * (sy + 1) / 2
    return place(view, x, y)


def pixels(crop: Crop) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = crop.box
    return x1 * WIDTH, y1 * HEIGHT, x2 * WIDTH, y2 * HEIGHT


def scale(view: CropView) -> float:
    return view.viewportTransform().m11()


def candidates(count: int = 10) -> list[Candidate]:
    crops = [Crop((0.05 + 0.03 * i, 0.1, 0.5 + 0.03 * i, 0.8)) for i in range(count)]
    return [Candidate(i + 1, crop, 90.0 - i, 0.0, "gaic") for i, crop in enumerate(crops)]

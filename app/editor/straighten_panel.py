"""Panel that straightens, rotates and mirrors the photo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QToolButton, QWidget

from app.canvas.level_line_tool import angle_text
from app.editor.angle_slider import MOST, AngleSlider
from app.style import theme
from app.widgets.controls import column, row, secondary, text_button
from cropcore.images.level_detection import Level


class AngleField(QDoubleSpinBox):
    """Degrees, typed or stepped by key; the wheel never moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(-MOST, MOST)
        self.setDecimals(1)
        self.setSingleStep(0.1)
        self.setSuffix("°")
        self.setAccessibleName(self.tr("Angle in degrees"))
        self.setToolTip(self.tr("Angle in degrees, clockwise"))
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(76)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls."""
        event.ignore()


class StraightenPanel(QWidget):
    """Angle, level by the photo's own lines, quarter turns and mirroring.

    Signals: ``typed`` (degrees), ``levelled`` (the offered angle is taken), ``done`` (leave the tool),
    ``focus_released`` (the keys belong to the canvas again); those of the slider.
    """

    typed = Signal(float)
    levelled = Signal()
    done = Signal()
    focus_released = Signal()

    def __init__(self, turns: Sequence[QAction]) -> None:
        super().__init__()
        self.slider = AngleSlider()
        self.field = AngleField()
        self.field.valueChanged.connect(self.typed)
        self.field.lineEdit().returnPressed.connect(self.focus_released)
        self.auto = text_button(self.tr("Auto"))
        self.auto.clicked.connect(self.levelled)
        self.finish = text_button(self.tr("Done"), self.tr("Leave the straighten tool (Enter)"))
        self.finish.clicked.connect(self.done)
        self.hint = secondary(self.tr("Drag a line along what should be level or plumb."))
        self.turns = [_turn_button(action) for action in turns]
        layout = column(self)
        layout.addWidget(self.hint)
        layout.addWidget(self.slider)
        layout.addLayout(row(self.field, self.auto))
        layout.addLayout(row(*self.turns, 1, self.finish, spacing=theme.GAP_XS))
        self.offer(None, 0.0, sought=False)

    def show_angle(self, angle: float) -> None:
        """Show the angle of the photo in hand."""
        self.slider.show_angle(angle)
        if abs(self.field.value() - angle) > 1e-9:
            blocked = self.field.blockSignals(True)
            self.field.setValue(angle)
            self.field.blockSignals(blocked)

    def offer(self, level: Level | None, angle: float, sought: bool) -> None:
        """Offer the angle that makes the photo level, if one was found, and say how sure that is.

        ``angle`` is the present one.
        """
        text = self.tr("Auto")
        if level is not None:
            text = self.tr("Auto {0}").format(angle_text(level.angle))
            tip = self.tr("Level by the photo's own lines: {0} % sure")
            if not level.is_sure:
                text += "?"
                tip = self.tr("The photo's lines do not agree well: {0} % sure, so have a look")
            tip = tip.format(round(100 * level.certainty))
            if level.angle == angle:
                tip = self.tr("Level already, by the photo's own lines")
        elif sought:
            tip = self.tr("No lines to level by")
        else:
            tip = self.tr("Looking for lines to level by …")
        self.auto.setText(text)
        self.auto.setToolTip(tip)
        self.auto.setAccessibleName(f"{text}: {tip}")
        self.auto.setEnabled(level is not None and level.angle != angle)


def _turn_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "icon")
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text())
    return button

"""Collapsed sections of the side panel: numbers, protected areas."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.i18n import plurals
from app.widgets.controls import (
    ButtonRow,
    SpinBox,
    column,
    grid,
    plain_label,
    secondary,
    text_button,
)
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import Side, pixels


class NumbersPanel(QWidget):
    """The crop in pixels, to read and to type.

    ``text`` takes a whole crop at once. Signals: ``typed`` (side, value in pixels), ``focus_released`` (the
    keys belong to the canvas again).
    """

    typed = Signal(str, int)
    focus_released = Signal()

    def __init__(self) -> None:
        super().__init__()
        names: dict[Side, tuple[str, str]] = {
            "left": ("X", self.tr("Left edge in pixels")),
            "top": ("Y", self.tr("Top edge in pixels")),
            "width": (self.tr("W"), self.tr("Width in pixels")),
            "height": (self.tr("H"), self.tr("Height in pixels")),
        }
        self.boxes: dict[Side, SpinBox] = {}
        layout = grid()
        for place, (side, (short, long)) in enumerate(names.items()):
            box = SpinBox(0 if side in ("left", "top") else 1, 1_000_000, long)
            box.setToolTip(long)
            box.editingFinished.connect(lambda s=side: self._emit(s))
            box.entered.connect(self.focus_released)
            label = plain_label(short)
            label.setProperty("kind", "secondary")
            label.setBuddy(box)
            line, part = divmod(place, 2)
            layout.addWidget(label, line, part * 2)
            layout.addWidget(box, line, part * 2 + 1)
            self.boxes[side] = box
        layout.setColumnStretch(1, 1)
        layout.setColumnStretch(3, 1)
        self.validity = secondary()
        self.validity.setToolTip(
            self.tr("How likely Set prediction holds this crop to be a good one")
        )
        self.validity.hide()
        self.text = QLineEdit()
        self.text.setPlaceholderText(self.tr("x y width height"))
        self.text.setAccessibleName(self.tr("Crop by numbers"))
        outer = column(self)
        outer.addLayout(layout)
        outer.addWidget(self.text)
        outer.addWidget(self.validity)

    def show_crop(self, crop: Crop, aspect: Aspect, width: int, height: int) -> None:
        """Show a crop of a ``width`` x ``height`` photo."""
        for box, value in zip(
            self.boxes.values(), pixels(crop, aspect, width, height), strict=True
        ):
            if box.value() != value:
                blocked = box.blockSignals(True)
                box.setValue(value)
                box.blockSignals(blocked)

    def show_validity(self, on: bool, value: float | None) -> None:
        """The validity of the crop in hand, where the method has one; None for other crops."""
        self.validity.setVisible(on)
        text = self.tr("only of predicted crops") if value is None else f"{value:.2f}"
        self.validity.setText(self.tr("Validity: {0}").format(text))

    def _emit(self, side: Side) -> None:
        self.typed.emit(side, self.boxes[side].value())


class ProtectPanel(QWidget):
    """Marks areas that no suggestion may cut.

    Signals: ``marking`` (whether drags mark areas), ``cleared``.
    """

    marking = Signal(bool)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mark = text_button(self.tr("Mark areas"), self.tr("Drag over what must stay whole"))
        self.mark.setCheckable(True)
        self.mark.toggled.connect(self.marking)
        self.clear = text_button(self.tr("Clear"), self.tr("Remove all protected areas"))
        self.clear.clicked.connect(self.cleared)
        self.count = secondary()
        layout = column(self)
        layout.addWidget(ButtonRow(self.mark, self.clear))
        layout.addWidget(self.count)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """How many areas are protected."""
        self.clear.setEnabled(count > 0)
        if count == 0:
            self.count.setText(self.tr("Suggestions will not cut a marked area."))
        else:
            self.count.setText(plurals.areas_protected(count))

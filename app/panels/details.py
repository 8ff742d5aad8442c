"""The parts of the panel that stay closed until they are needed: numbers, method, protect."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.panels.controls import ComboBox, SpinBox, column, grid, row, secondary, text_button
from app.refit import Side, pixels
from cropcore.aspect import Aspect
from cropcore.crop import Crop


class NumbersPanel(QWidget):
    """The crop in pixels, to read and to type.

    Signals: ``typed`` (side, value in pixels).
    """

    typed = Signal(str, int)

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
            label = QLabel(short)
            label.setProperty("kind", "secondary")
            label.setBuddy(box)
            line, part = divmod(place, 2)
            layout.addWidget(label, line, part * 2)
            layout.addWidget(box, line, part * 2 + 1)
            self.boxes[side] = box
        layout.setColumnStretch(1, 1)
        layout.setColumnStretch(3, 1)
        column(self).addLayout(layout)

    def show_crop(self, crop: Crop, aspect: Aspect, width: int, height: int) -> None:
        """Show a crop of a ``width`` x ``height`` photo."""
        for box, value in zip(
            self.boxes.values(), pixels(crop, aspect, width, height), strict=True
        ):
            if box.value() != value:
                blocked = box.blockSignals(True)
                box.setValue(value)
                box.blockSignals(blocked)

    def _emit(self, side: Side) -> None:
        self.typed.emit(side, self.boxes[side].value())


class MethodPanel(QWidget):
    """Chooses which published method proposes.

    Signals: ``chosen`` (name).
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._texts = {
            "cascade": (self.tr("Cascade"), self.tr("All methods together; the best crops win.")),
            "gaic": (
                self.tr("Grid anchors"),
                self.tr("Scores a grid of crops by what lies inside and outside of each."),
            ),
            "asm": (
                self.tr("Composition maps"),
                self.tr("Finds what should lie where in a well composed crop."),
            ),
            "sfrc": (
                self.tr("Spatial features"),
                self.tr("Ranks crops by comparing them as people did."),
            ),
            "mars": (
                self.tr("Area map"),
                self.tr("Draws the area to keep for exactly this ratio."),
            ),
            "setpred": (
                self.tr("Set prediction"),
                self.tr("Predicts several good crops at once."),
            ),
        }
        self.combo = ComboBox(self.tr("Method"))
        self.combo.setToolTip(self.tr("Who proposes the candidates"))
        self.combo.currentIndexChanged.connect(self._emit)
        self.meaning = secondary()
        layout = column(self)
        layout.addWidget(self.combo)
        layout.addWidget(self.meaning)
        self.set_methods(())

    def set_methods(self, methods: tuple[str, ...]) -> None:
        """The methods of the engine, the default first."""
        blocked = self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItem(self.tr("Automatic"), "default")
        for name in methods:
            self.combo.addItem(self._texts.get(name, (name, ""))[0], name)
        self.combo.blockSignals(blocked)
        self.setEnabled(bool(methods))
        self._explain()

    def choose(self, name: str) -> None:
        """Show a method without announcing it."""
        self.combo.choose(name)
        self._explain()

    def _emit(self) -> None:
        self._explain()
        self.chosen.emit(str(self.combo.currentData()))

    def _explain(self) -> None:
        automatic = self.tr("The method that does best on most photos.")
        name = str(self.combo.currentData())
        self.meaning.setText(automatic if name == "default" else self._texts.get(name, ("", ""))[1])


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
        layout.addLayout(row(self.mark, self.clear))
        layout.addWidget(self.count)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """How many areas are protected."""
        self.clear.setEnabled(count > 0)
        if count == 0:
            self.count.setText(self.tr("Suggestions will not cut a marked area."))
        elif count == 1:
            self.count.setText(self.tr("1 area is protected."))
        else:
            self.count.setText(self.tr("{0} areas are protected.").format(count))

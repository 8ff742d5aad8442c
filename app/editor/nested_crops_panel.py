"""Panel that chooses the ratios of nested crops."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from app.style import theme
from app.widgets.controls import column, grid, secondary
from cropcore.geometry.aspect import Aspect

RATIOS = ("1:1", "4:5", "3:2", "2:3", "16:9", "9:16", "3:1", "circle")
_IN_A_ROW = 4


class NestedCropsPanel(QWidget):
    """Chips of which any number may be on; the aspect of the crop itself cannot be chosen.

    Signals: ``chosen`` (a tuple of Aspect, in the order of the chips).
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.chips: dict[str, QToolButton] = {}
        self._further: tuple[Aspect, ...] = ()
        chips = grid(theme.GAP_XS)
        for place, name in enumerate(RATIOS):
            chip = QToolButton()
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.setText(name)
            if name == "circle":
                chip.setText("")
                theme.set_icon(chip, "circle")
            tip = self.tr("Leave room for {0}, to be cut from this crop later").format(name)
            chip.setToolTip(tip)
            chip.setAccessibleName(tip)
            chip.setFixedHeight(theme.CONTROL_HEIGHT)
            chip.setFocusPolicy(chip.focusPolicy().TabFocus)
            chip.setSizePolicy(chip.sizePolicy().Policy.Ignored, chip.sizePolicy().Policy.Fixed)
            chip.clicked.connect(lambda _=False: self.chosen.emit(self.also))
            self.chips[name] = chip
            chips.addWidget(chip, place // _IN_A_ROW, place % _IN_A_ROW)
        for place in range(_IN_A_ROW):
            chips.setColumnStretch(place, 1)
        self.line = secondary()
        layout = column(self, theme.GAP_XS)
        layout.addLayout(chips)
        layout.addWidget(self.line)
        self.show_scores(())

    @property
    def also(self) -> tuple[Aspect, ...]:
        """What is chosen; what has no chip stays chosen."""
        on = (Aspect.parse(name) for name, chip in self.chips.items() if chip.isChecked())
        return (*on, *self._further)

    def show_also(self, also: Sequence[Aspect], own: Aspect) -> None:
        """Show what is chosen for a crop of the aspect ``own``."""
        by_chip = {Aspect.parse(name): chip for name, chip in self.chips.items()}
        for aspect, chip in by_chip.items():
            chip.setChecked(aspect in also)
            chip.setEnabled(aspect != own)
        self._further = tuple(aspect for aspect in also if aspect not in by_chip)

    def show_scores(self, scores: Sequence[tuple[str, float | None]]) -> None:
        """Names of the crops inside the crop in hand, and their scores where these are known."""
        if not scores:
            self.line.setText(self.tr("Candidates that leave room for other ratios."))
            return
        words = (name if score is None else f"{name} {score:.0f}" for name, score in scores)
        self.line.setText(self.tr("Inside: {0}").format("   ".join(words)))

    def begin(self) -> None:
        """Put the focus on the first chip."""
        next(chip for chip in self.chips.values() if chip.isEnabled()).setFocus()

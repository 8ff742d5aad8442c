"""Panel that chooses the ratios of nested crops."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.style import theme
from app.widgets.controls import column, secondary
from app.widgets.ratio_chips import RatioChips
from cropcore.geometry.aspect import Aspect


class NestedCropsPanel(QWidget):
    """Chips of which any number may be on; the aspect of the crop itself cannot be chosen.

    Signals: ``chosen`` (a tuple of Aspect, in the order of the chips).
    """

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._without_chip: tuple[Aspect, ...] = ()
        tip = self.tr("Leave room for {0}, to be cut from this crop later")
        self._ratios = RatioChips("nested", tip)
        self.chips = self._ratios.chips
        self._ratios.toggled.connect(lambda *_: self.chosen.emit(self.also))
        self.line = secondary()
        layout = column(self, theme.GAP_XS)
        layout.addWidget(self._ratios)
        layout.addWidget(self.line)
        self.show_scores(())

    @property
    def also(self) -> tuple[Aspect, ...]:
        """What is chosen; what has no chip stays chosen."""
        return (*self._ratios.chosen, *self._without_chip)

    def show_also(self, also: Sequence[Aspect], own: Aspect) -> None:
        """Show what is chosen for a crop of the aspect ``own``."""
        self._ratios.show_chosen(also)
        for name, chip in self.chips.items():
            chip.setEnabled(name != str(own))
        self._without_chip = tuple(aspect for aspect in also if str(aspect) not in self.chips)

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

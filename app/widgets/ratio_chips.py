"""Chips of ratios of which any number may be on, the rarer ones behind a chip that unfolds them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal

from app.i18n.aspect_texts import aspect_label, aspect_name
from app.widgets.chip_grid import Chip, ChipGrid
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.offered_ratios import Place, common_aspects, further_aspects

MORE_SPAN = 2


def ratio_chip(aspect: Aspect, tip: str) -> Chip:
    """A chip that shows an aspect."""
    return Chip(aspect_label(aspect), tip, "circle" if aspect.is_circle else "")


class RatioChips(ChipGrid):
    """The aspects that are offered in a place.

    ``tip`` is what a chip says, with ``{0}`` for its aspect. A further ratio that was switched on
    stays in sight until the rest is folded again.

    Signals: ``toggled`` (Aspect, whether it is on now), by hand only.
    """

    toggled = Signal(Aspect, bool)

    def __init__(self, place: Place, tip: str) -> None:
        super().__init__()
        further = further_aspects(place)
        self._open = False
        self.chips: dict[str, Chip] = {}
        for aspect in (*common_aspects(place), *further):
            chip = ratio_chip(aspect, tip.format(aspect_name(aspect)))
            chip.clicked.connect(lambda on, a=aspect: self.toggled.emit(a, on))
            self.chips[str(aspect)] = chip
            self.add(chip)
        self._further = [self.chips[str(aspect)] for aspect in further]
        self.more = Chip("", "")
        self.more.setCheckable(False)
        self.more.clicked.connect(lambda: self._unfold(not self._open))
        self.add(self.more, MORE_SPAN)
        self._unfold(False)

    @property
    def chosen(self) -> tuple[Aspect, ...]:
        """What is on, in the order of the chips."""
        return tuple(Aspect.parse(name) for name, chip in self.chips.items() if chip.isChecked())

    def show_chosen(self, aspects: Iterable[Aspect]) -> None:
        """Show what is on; aspects without a chip are passed over."""
        on = {str(aspect) for aspect in aspects}
        appear = False
        for name, chip in self.chips.items():
            chip.setChecked(name in on)
            if chip.isChecked() and chip.isHidden():
                chip.show()
                appear = True
        if appear:
            self.arrange()

    def _unfold(self, on: bool) -> None:
        self._open = on
        for chip in self._further:
            chip.setVisible(on or chip.isChecked())
        self.more.setText(self.tr("Fewer") if on else self.tr("More"))
        self.more.set_tip(self.tr("Fewer ratios") if on else self.tr("More ratios"))
        self.more.setVisible(bool(self._further))
        self.arrange()

"""Aspect panel: ratio slider, ratio chips, typed ratio, swap, lock and tightness."""

from __future__ import annotations

from math import isclose

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLayout, QLineEdit, QMenu, QWidget

from app.editor.ratio_slider import RatioSlider
from app.i18n.engine_messages import translated
from app.style import theme
from app.widgets.chip_grid import Chip, ChipGrid
from app.widgets.controls import Slider, caption, column, icon_button, row, secondary
from app.widgets.ratio_chips import MORE_SPAN, ratio_chip
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.offered_ratios import common_aspects, further_aspects
from cropcore.geometry.refit import aspect_text, pixel_ratio


class AspectPanel(QWidget):
    """Shows and chooses an aspect and the tightness.

    Signals: ``chosen`` (Aspect; press and release at once); ``slider_pressed``, ``slid`` (Aspect),
    ``slider_released``; ``tightness_pressed``, ``tightness_slid`` (0 to 1),
    ``tightness_released``; ``swap_wanted``, ``lock_wanted``; ``focus_released`` when typing ended.
    """

    chosen = Signal(Aspect)
    slider_pressed = Signal()
    slid = Signal(Aspect)
    slider_released = Signal()
    tightness_pressed = Signal()
    tightness_slid = Signal(float)
    tightness_released = Signal()
    swap_wanted = Signal()
    lock_wanted = Signal()
    focus_released = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setFixedHeight(theme.CONTROL_HEIGHT)
        self.field.setMinimumWidth(68)
        self.field.setMaximumWidth(84)
        self.field.setToolTip(self.tr("Type a ratio such as 4:5 or 1.91 (R)"))
        self.field.setAccessibleName(self.tr("Ratio, typed"))
        self.field.returnPressed.connect(self._type)
        self.field.installEventFilter(self)
        self.refusal = secondary()
        self.refusal.setProperty("kind", "error")
        self.refusal.setTextFormat(Qt.TextFormat.PlainText)
        self.refusal.hide()
        self.swap_button = icon_button("swap", self.tr("Swap width and height (X)"))
        self.swap_button.clicked.connect(self.swap_wanted)
        self.lock_button = icon_button("lock", self.tr("Lock the ratio (L)"), checkable=True)
        self.lock_button.clicked.connect(self.lock_wanted)
        self.slider = RatioSlider()
        self.slider.pressed.connect(self.slider_pressed)
        self.slider.moved.connect(self.slid)
        self.slider.released.connect(self.slider_released)
        self.slider.reset.connect(lambda: self.chosen.emit(Aspect("original")))
        self.chips: dict[str, Chip] = {}
        self._chip_aspects: dict[str, Aspect] = {}
        self._shown: tuple[Aspect, Crop, int, int] | None = None
        self._written = ""

        layout = column(self)
        layout.addLayout(
            row(caption(self.tr("Aspect")), 1, self.field, self.swap_button, self.lock_button)
        )
        layout.addWidget(self.refusal)
        layout.addWidget(self.slider)
        layout.addWidget(self._build_chips())
        layout.addSpacing(theme.GAP_XS)
        layout.addLayout(self._build_tightness())

    def show_aspect(self, aspect: Aspect, crop: Crop, width: int, height: int) -> None:
        """Show the aspect of a crop of a ``width`` x ``height`` photo."""
        before, self._shown = self._shown, (aspect, crop, width, height)
        if self.slider.is_held and self._shown == before:
            return  # it shows its own move already
        ratio = aspect.ratio_for(width, height)
        if not self.slider.is_held:
            shown = ratio if ratio is not None else pixel_ratio(crop, width, height)
            self.slider.show_ratio(shown, aspect.kind == "free", self._snaps(aspect, width, height))
        for name, chip in self.chips.items():
            chip.setChecked(_same(self._chip_aspects[name], aspect))
        self.more.setChecked(any(_same(further, aspect) for further in self._further))
        self._written = aspect_text(aspect, crop, width, height)
        if not self.field.hasFocus():
            self.field.setText(self._written)
            self._mark_wrong("")
        locked = aspect.kind != "free"
        self.lock_button.setChecked(locked)
        theme.set_icon(self.lock_button, "lock" if locked else "unlock")

    def show_tightness(self, tightness: float) -> None:
        """Show how tight suggestions should be, 0 to 1."""
        if not self.tightness.isSliderDown():
            blocked = self.tightness.blockSignals(True)
            self.tightness.setValue(round(tightness * 100))
            self.tightness.blockSignals(blocked)

    def begin_typing(self) -> None:
        """Put the caret into the ratio field."""
        self.field.setFocus()
        self.field.selectAll()

    def _build_chips(self) -> ChipGrid:
        chips = ChipGrid()
        tips = {
            "original": self.tr("The photo's own ratio (G)"),
            "free": self.tr("Any ratio (F)"),
            "circle": self.tr("A circle, and back to the last ratio (C)"),
        }
        for aspect in common_aspects("crop"):
            chip = ratio_chip(aspect, tips.get(aspect.kind, self.tr("Ratio {0}").format(aspect)))
            chip.clicked.connect(lambda _=False, a=aspect: self.chosen.emit(a))
            self.chips[str(aspect)] = chip
            self._chip_aspects[str(aspect)] = aspect
            chips.add(chip)
        self._further = further_aspects("crop")
        self.more = Chip(self.tr("More"), self.tr("More ratios"))
        self.more.clicked.connect(self._show_more)
        chips.add(self.more, MORE_SPAN)
        return chips

    def _build_tightness(self) -> QLayout:
        self.tightness = Slider(0, 100, self.tr("Tightness of suggestions"), 50)
        self.tightness.setToolTip(self.tr("How much of the photo suggestions keep"))
        self.tightness.sliderPressed.connect(self.tightness_pressed)
        self.tightness.sliderReleased.connect(self.tightness_released)
        self.tightness.valueChanged.connect(self._tightness_changed)
        loose, tight = secondary(self.tr("Loose")), secondary(self.tr("Tight"))
        for label in (loose, tight):
            label.setWordWrap(False)
        return row(loose, self.tightness, tight)

    def _tightness_changed(self, value: int) -> None:
        if self.tightness.isSliderDown():
            self.tightness_slid.emit(value / 100)
        else:
            self.tightness_pressed.emit()
            self.tightness_slid.emit(value / 100)
            self.tightness_released.emit()

    @staticmethod
    def _snaps(aspect: Aspect, width: int, height: int) -> tuple[tuple[Aspect, float], ...]:
        own = (Aspect("original"), width / height)
        if aspect.kind == "ratio":
            return (aspect, aspect.width / aspect.height), own
        return (own,)

    def _show_more(self) -> None:
        menu = QMenu(self)
        for aspect in self._further:
            action = menu.addAction(str(aspect))
            action.triggered.connect(lambda _=False, a=aspect: self.chosen.emit(a))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))
        self.more.setChecked(False)

    def _type(self) -> None:
        try:
            aspect = Aspect.parse(self.field.text())
        except CropsightError as error:
            self._mark_wrong(translated(error))
            self.field.selectAll()
            return
        self._mark_wrong("")
        self.focus_released.emit()
        self.chosen.emit(aspect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A text that was refused, or not finished, does not outlive the typing."""
        if watched is self.field and isinstance(event, QFocusEvent) and event.lostFocus():
            # The line edit's own signal is silent after a return that was refused.
            aside = Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason
            if event.reason() not in aside:
                self.field.setText(self._written)
                self._mark_wrong("")
        return super().eventFilter(watched, event)

    def _mark_wrong(self, why: str) -> None:
        if bool(self.field.property("wrong")) != bool(why):
            self.field.setProperty("wrong", bool(why))
            theme.restyle(self.field)
        self.refusal.setText(why)
        self.refusal.setVisible(bool(why))


def _same(offered: Aspect, shown: Aspect) -> bool:
    """Whether both are the same ratio, as 4:5 and 1080:1350 are."""
    if offered.kind == shown.kind == "ratio":
        return isclose(offered.width / offered.height, shown.width / shown.height, rel_tol=1e-6)
    return offered == shown

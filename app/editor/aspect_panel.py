"""Aspect panel: ratio slider, ratio chips, typed ratio, swap, lock and tightness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLayout, QMenu, QWidget

from app.editor.ratio_slider import RatioSlider
from app.i18n.place_texts import place_name
from app.style import theme
from app.widgets.chip_grid import Chip, ChipGrid
from app.widgets.controls import Slider, caption, column, icon_button, row, secondary
from app.widgets.ratio_chips import MORE_SPAN, ratio_chip
from app.widgets.typed_field import TypedField
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.offered_ratios import common_aspects, further_aspects
from cropcore.geometry.paper import LEAST_PPI, Paper, offered_papers
from cropcore.geometry.refit import aspect_text, pixel_ratio, pixels
from cropcore.geometry.safe_areas import PLACES


class AspectPanel(QWidget):
    """Shows and chooses an aspect and the tightness.

    Signals: ``chosen`` (Aspect; press and release at once); ``slider_pressed``, ``slid`` (Aspect),
    ``slider_released``; ``tightness_pressed``, ``tightness_slid`` (0 to 1),
    ``tightness_released``; ``swap_wanted``, ``lock_wanted``; ``focus_released`` when typing ended;
    ``place_chosen`` (name of the place that the crop is for), ``own_changed`` (the person's own ratios in
    their new order), ``turn_changed`` (whether ratios turn with the photo).
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
    place_chosen = Signal(str)
    own_changed = Signal(tuple)
    turn_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.field = TypedField(self.tr("Ratio, typed"), read_ratio)
        self.field.setMinimumWidth(68)
        self.field.setMaximumWidth(84)
        self.field.setToolTip(self.tr("Type a ratio such as 4:5, 1.91, 10x15 cm or A4 (R)"))
        self.field.typed.connect(self._type)
        self.field.left.connect(self.focus_released)
        self.refusal = self.field.refusal
        self.print_line = secondary()
        self.print_line.hide()
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
        self._paper: Paper | None = None
        self._own: tuple[Aspect, ...] = ()
        self._turns = False

        layout = column(self)
        layout.addLayout(
            row(caption(self.tr("Aspect")), 1, self.field, self.swap_button, self.lock_button)
        )
        layout.addWidget(self.refusal)
        layout.addWidget(self.print_line)
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
        self.field.show_text(aspect_text(aspect, crop, width, height))
        self._show_print(aspect, crop, width, height)
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

    def show_own(self, aspects: Sequence[Aspect]) -> None:
        """Show the person's own ratios as chips, in their order."""
        for aspect in self._own:
            self._grid.remove(self.chips.pop(str(aspect)))
            del self._chip_aspects[str(aspect)]
        self._own = tuple(aspect for aspect in aspects if str(aspect) not in self.chips)
        for aspect in self._own:
            chip = self._add_chip(aspect, self.tr("Your ratio {0}").format(aspect))
            chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            chip.customContextMenuRequested.connect(
                lambda at, a=aspect, c=chip: self._show_own_menu(a, c.mapToGlobal(at))
            )
            if self._shown is not None:
                chip.setChecked(_same(aspect, self._shown[0]))
            chip.show()
        self._grid.bring_to_end(self.more)
        self._grid.arrange()

    def show_turn(self, on: bool) -> None:
        """Whether ratios turn with the photo."""
        self._turns = on

    def _build_chips(self) -> ChipGrid:
        self._grid = ChipGrid()
        tips = {
            "original": self.tr("The photo's own ratio (G)"),
            "free": self.tr("Any ratio (F)"),
            "circle": self.tr("A circle, and back to the last ratio (C)"),
        }
        for aspect in common_aspects("crop"):
            self._add_chip(aspect, tips.get(aspect.kind, self.tr("Ratio {0}").format(aspect)))
        self._further = further_aspects("crop")
        self.more = Chip(self.tr("More"), self.tr("More ratios, paper sizes, your own"))
        self.more.clicked.connect(self._show_more)
        self._grid.add(self.more, MORE_SPAN)
        return self._grid

    def _add_chip(self, aspect: Aspect, tip: str) -> Chip:
        chip = ratio_chip(aspect, tip)
        chip.clicked.connect(lambda _=False, a=aspect: self.chosen.emit(a))
        self.chips[str(aspect)] = chip
        self._chip_aspects[str(aspect)] = aspect
        self._grid.add(chip)
        return chip

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
        self.more_menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))
        self.more.setChecked(any(_same(a, self._shown[0]) for a in self._further if self._shown))

    def more_menu(self) -> QMenu:
        """What the chip for more offers now."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for aspect in self._further:
            action = menu.addAction(str(aspect))
            action.triggered.connect(lambda _=False, a=aspect: self.chosen.emit(a))
        menu.addSeparator()
        papers = menu.addMenu(self.tr("Paper"))
        for paper in offered_papers():
            action = papers.addAction(paper.label)
            action.triggered.connect(lambda _=False, p=paper: self._type(_of_paper(p)))
        places = menu.addMenu(self.tr("With safe area"))
        for place in PLACES.values():
            action = places.addAction(f"{place_name(place.name)}  {place.aspect}")
            action.triggered.connect(lambda _=False, n=place.name: self.place_chosen.emit(n))
        menu.addSeparator()
        aspect = self._shown[0] if self._shown is not None else Aspect("free")
        if aspect.kind == "ratio" and not any(
            _same(a, aspect) for a in self._chip_aspects.values()
        ):
            keep = menu.addAction(self.tr("Keep {0} as a chip").format(aspect))
            keep.triggered.connect(lambda: self.own_changed.emit((*self._own, aspect)))
        turn = menu.addAction(self.tr("Turn with the photo"))
        turn.setToolTip(self.tr("Ratios lie level on wide photos and stand upright on tall ones"))
        turn.setCheckable(True)
        turn.setChecked(self._turns)
        turn.toggled.connect(self.turn_changed)
        return menu

    def _show_own_menu(self, aspect: Aspect, at: QPoint) -> None:
        self.own_menu(aspect).popup(at)

    def own_menu(self, aspect: Aspect) -> QMenu:
        """What can be done with one of the person's own ratios."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place, last = self._own.index(aspect), len(self._own) - 1
        rest = [other for other in self._own if other != aspect]
        for text, to in (
            (self.tr("Move left"), place - 1),
            (self.tr("Move right"), place + 1),
        ):
            action = menu.addAction(text)
            action.setEnabled(0 <= to <= last)
            moved = (*rest[: max(to, 0)], aspect, *rest[max(to, 0) :])
            action.triggered.connect(lambda _=False, m=moved: self.own_changed.emit(m))
        remove = menu.addAction(self.tr("Remove"))
        remove.triggered.connect(lambda: self.own_changed.emit(tuple(rest)))
        return menu

    def _type(self, ratio: TypedRatio) -> None:
        self._paper = ratio.paper
        self.chosen.emit(ratio.aspect)

    def _show_print(self, aspect: Aspect, crop: Crop, width: int, height: int) -> None:
        """How many pixels lie on an inch of the paper whose size was typed, while its ratio is in hand."""
        paper = self._paper
        if paper is None or not _fits(paper, aspect):
            self.print_line.hide()
            return
        _, _, wide, high = pixels(crop, aspect, width, height)
        ppi = round(paper.ppi_of(wide, high))
        text = self.tr("{0}: {1} pixels per inch").format(paper.label, ppi)
        if ppi < LEAST_PPI:
            text += "\n" + self.tr("Below {0} a print looks soft.").format(LEAST_PPI)
        kind = "warning" if ppi < LEAST_PPI else "secondary"
        if self.print_line.property("kind") != kind:
            self.print_line.setProperty("kind", kind)
            theme.restyle(self.print_line)
        self.print_line.setText(text)
        self.print_line.show()


@dataclass(frozen=True, slots=True)
class TypedRatio:
    """What a person typed for a ratio, and the paper where it was one."""

    aspect: Aspect
    paper: Paper | None = None


def read_ratio(text: str) -> TypedRatio:
    """Read a ratio or a paper size; raises AspectError where it is none."""
    aspect = Aspect.parse(text)
    return TypedRatio(aspect, Paper.parse(text))


def _of_paper(paper: Paper) -> TypedRatio:
    return TypedRatio(Aspect("ratio", paper.width, paper.height), paper)


def _fits(paper: Paper, aspect: Aspect) -> bool:
    """Whether an aspect is that of a paper, be it turned."""
    own = Aspect("ratio", paper.width, paper.height)
    return _same(own, aspect) or _same(own.swapped(), aspect)


def _same(offered: Aspect, shown: Aspect) -> bool:
    """Whether both are the same ratio, as 4:5 and 1080:1350 are."""
    if offered.kind == shown.kind == "ratio":
        return isclose(offered.width / offered.height, shown.width / shown.height, rel_tol=1e-6)
    return offered == shown

"""Fields for the size of exported files: all pixels, a side, both, megapixels, or a print."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.style import theme
from app.widgets.controls import ComboBox, SpinBox, column, plain_label, row, secondary
from app.widgets.typed_field import TypedField
from cropcore.errors import OptionError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.paper import LEAST_PPI, Paper
from cropcore.images.output_size import LARGEST_SIDE, Size
from cropcore.images.photo import Photo
from cropcore.images.render import Plan, plan

_TYPED = {"megapixels": Size(megapixels=12.0), "print": Size.parse("10x15cm@300")}
"""Sizes that are typed as text, and which one a person begins with."""


class SizeFields(QWidget):
    """Chooses a size, and says what it does to the crop in hand.

    Signals: ``changed`` (Size, or None for all pixels), ``focus_released`` (the keys belong to the canvas
    again).
    """

    changed = Signal(object)
    focus_released = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.size_kind = ComboBox(self.tr("Size"))
        for text, data in (
            (self.tr("All pixels"), "full"),
            (self.tr("Long side"), "long"),
            (self.tr("Short side"), "short"),
            (self.tr("Exact"), "exact"),
            (self.tr("Megapixels"), "megapixels"),
            (self.tr("Print"), "print"),
        ):
            self.size_kind.addItem(text, data)
        self.wide = SpinBox(1, LARGEST_SIDE, self.tr("Width or side in pixels"))
        self.high = SpinBox(1, LARGEST_SIDE, self.tr("Height in pixels"))
        for box in (self.wide, self.high):
            box.setFixedWidth(80)
            box.setValue(2048)
            box.valueChanged.connect(lambda _: self._choose())
            box.entered.connect(self.focus_released)
        self._times = plain_label("×")
        self._numbers = QWidget()
        column(self._numbers).addLayout(row(self.wide, self._times, self.high, 1))
        self.field = TypedField(self.tr("Size, typed"), self._read)
        self.field.typed.connect(self.changed)
        self.field.left.connect(self.focus_released)
        self.told = secondary()
        self.warned = secondary()
        self.warned.setProperty("kind", "warning")
        self._typed = dict(_TYPED)
        self.size_kind.currentIndexChanged.connect(lambda _: self._choose())
        layout = column(self, theme.GAP_S)
        for widget in (
            self.size_kind,
            self._numbers,
            self.field,
            self.field.refusal,
            self.told,
            self.warned,
        ):
            layout.addWidget(widget)
        self.show_size(None)

    def show_size(self, size: Size | None) -> None:
        """Show a size; nobody is told."""
        kind = "full" if size is None else size.kind
        self.size_kind.choose(kind)
        if size is not None and kind in _TYPED:
            self._typed[kind] = size
            self.field.show_text(_written(size))
        elif size is not None:
            for box, value in ((self.wide, size.width), (self.high, size.height or size.width)):
                blocked = box.blockSignals(True)
                box.setValue(value)
                box.blockSignals(blocked)
        self._show_kind(kind)

    def show_crop(self, shown: tuple[Photo, Crop, Aspect] | None, size: Size | None) -> None:
        """Say what a size does to a crop: pixels are made up, parts are trimmed, a print looks soft."""
        told, warned = "", ""
        if size is not None and shown is not None:
            photo, crop, aspect = shown
            made = plan(photo.width, photo.height, crop, aspect, size)
            warned = "\n".join(self._warnings(made, size))
            told = self._say_print(made, size.paper) if size.paper is not None else ""
            if not size.exact:
                told = f"{made.size[0]} × {made.size[1]}"
        for label, text in ((self.told, told), (self.warned, warned)):
            label.setText(text)
            label.setVisible(bool(text))

    def _say_print(self, made: Plan, paper: Paper) -> str:
        ppi = round(paper.ppi / made.scale)
        return self.tr("{0}: {1} of the crop's pixels per inch").format(paper.label, ppi)

    def _warnings(self, made: Plan, size: Size) -> list[str]:
        texts = []
        wide, high = made.pixels[2] - made.pixels[0], made.pixels[3] - made.pixels[1]
        if size.paper is not None:
            if size.paper.ppi / made.scale < LEAST_PPI:
                texts.append(self.tr("Below {0} a print looks soft.").format(LEAST_PPI))
        elif made.scale > 1:
            texts.append(
                self.tr("Larger than the crop ({0} × {1}): enlarged {2} times.").format(
                    wide, high, f"{made.scale:.1f}"
                )
            )
        if made.trimmed:
            left, top, right, bottom = made.exact
            share = 1 - (right - left) * (bottom - top) / (wide * high)
            texts.append(
                self.tr(
                    "Of another ratio than the crop: {0} % of it are trimmed, as hatched on the photo."
                ).format(max(round(100 * share), 1))
            )
        return texts

    def _read(self, text: str) -> Size:
        """A size of the kind that is chosen; raises OptionError where the text is none."""
        kind = str(self.size_kind.currentData())
        plain = text.strip()
        if kind == "megapixels" and plain[-1:].isdigit():
            plain += "MP"
        size = Size.parse(plain)
        if size.kind != kind:
            if kind == "megapixels":
                raise OptionError(
                    "{text!r} is no number of megapixels: write 12 or 2.5.", text=text
                )
            raise OptionError(
                "{text!r} is no size of a print: write 10x15 cm, A4, or 8x10 in@300.", text=text
            )
        self._typed[kind] = size
        return size

    def _choose(self) -> None:
        kind = str(self.size_kind.currentData())
        self._show_kind(kind)
        if kind in _TYPED:
            self.field.show_text(_written(self._typed[kind]))
            self.changed.emit(self._typed[kind])
        elif kind == "exact":
            self.changed.emit(Size(self.wide.value(), self.high.value()))
        elif kind == "full":
            self.changed.emit(None)
        else:
            self.changed.emit(Size(self.wide.value(), side="short" if kind == "short" else "long"))

    def _show_kind(self, kind: str) -> None:
        self._numbers.setVisible(kind in ("long", "short", "exact"))
        for part in (self.high, self._times):
            part.setVisible(kind == "exact")
        self.field.setVisible(kind in _TYPED)
        self.field.refuse("")
        tips = {
            "megapixels": self.tr("How many million pixels, such as 12 or 2.5"),
            "print": self.tr("The paper and its pixels per inch: 10x15 cm, A4, 8x10 in@300"),
        }
        self.field.setToolTip(tips.get(kind, ""))


def _written(size: Size) -> str:
    return str(size.paper) if size.paper is not None else f"{size.megapixels:g}"

"""Preset fields of the batch page for aspects, sizes and method."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.batch.page_ratios import RatioRows, wrong_label
from app.i18n.method_texts import method_title
from app.i18n.place_texts import place_name
from app.style import theme
from app.widgets.controls import ComboBox, Slider, SpinBox, caption, column, grid, row, secondary
from app.widgets.keep_text_box import KeepTextBox
from cropcore.batch.preset import MOST_CROPS, Preset
from cropcore.geometry.match import MATCH
from cropcore.geometry.safe_areas import PLACES
from cropcore.images.output_size import LARGEST_SIDE


class CropFields(QWidget):
    """Shapes, sizes, and how the crops are found.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ratios = RatioRows()
        self.ratios.changed.connect(self.changed)
        self.method = ComboBox(self.tr("Method"))
        self.method.setToolTip(self.tr("Who proposes the crops"))
        self.method.currentIndexChanged.connect(lambda _: self._method_changed())
        self._method_wrong = wrong_label()
        self.k = SpinBox(1, MOST_CROPS, self.tr("Crops of each photo and ratio"))
        self.k.setToolTip(self.tr("How many different crops of each photo and ratio"))
        self.tightness = Slider(0, 100, self.tr("Tightness"), 50)
        self.tightness.setToolTip(self.tr("How much of the photo the crops keep"))
        self.least = SpinBox(0, LARGEST_SIDE, self.tr("Smallest short side of a crop in pixels"))
        self.least.setSpecialValueText(self.tr("any"))
        self.least.setToolTip(
            self.tr("A crop with a shorter side is passed over for the next candidate")
        )
        for box in (self.k, self.least):
            box.setFixedWidth(72)
            box.lineEdit().setTextMargins(0, 0, 4, 0)
            box.valueChanged.connect(lambda _: self.changed.emit())
        self.tightness.valueChanged.connect(lambda _: self.changed.emit())
        lines = grid()
        for place, (text, field) in enumerate(
            (
                (self.tr("Method"), self.method),
                (self.tr("Crops each"), self.k),
                (self.tr("Loose – Tight"), self.tightness),
                (self.tr("At least, px"), self.least),
            )
        ):
            label = secondary(text)
            label.setWordWrap(False)
            label.setBuddy(field)
            line, part = divmod(place, 2)
            lines.addWidget(label, line, part * 2)
            lines.addWidget(field, line, part * 2 + 1)
        lines.setColumnStretch(1, 1)
        self.keep_own = QCheckBox(self.tr("Keep my own crops"))
        self.keep_own.setToolTip(
            self.tr("Where you made a crop of this ratio, that one is exported, just as it is")
        )
        self.keep_own.toggled.connect(lambda _: self.changed.emit())
        self.keep_heads = QCheckBox(self.tr("Keep heads whole"))
        self.keep_heads.setToolTip(
            self.tr("No crop cuts a person's head, wherever one of this ratio can hold it")
        )
        self.keep_heads.toggled.connect(lambda _: self.changed.emit())
        self.keep_text = KeepTextBox()
        self.keep_text.toggled.connect(lambda _: self.changed.emit())
        self.allow_incomplete = QCheckBox(self.tr("Crop incomplete photos too"))
        self.allow_incomplete.setToolTip(
            self.tr("JPEGs that end too early: their missing rows are grey. Otherwise they fail.")
        )
        self.allow_incomplete.toggled.connect(lambda _: self.changed.emit())
        self.turn_ratios = QCheckBox(self.tr("Turn ratios with the photo"))
        self.turn_ratios.setToolTip(
            self.tr(
                "Ratios and exact sizes lie level for wide photos and stand upright for tall ones"
            )
        )
        self.turn_ratios.toggled.connect(lambda _: self.changed.emit())
        self.place = ComboBox(self.tr("Place that the crops are for"))
        self.place.setToolTip(self.tr("A review shows what is covered there"))
        self.place.addItem(self.tr("any"), "")
        for name in PLACES:
            self.place.addItem(place_name(name), name)
        self.place.currentIndexChanged.connect(lambda _: self.changed.emit())
        made_for = secondary(self.tr("For"))
        made_for.setWordWrap(False)
        made_for.setBuddy(self.place)
        self._methods: tuple[str, ...] = ()
        self._pattern = ""
        self.set_methods(())
        layout = column(self)
        layout.addWidget(caption(self.tr("Ratios and sizes")))
        layout.addWidget(self.ratios)
        layout.addLayout(row(self.turn_ratios, 1, made_for, self.place))
        layout.addSpacing(theme.GAP_XS)
        layout.addWidget(caption(self.tr("Crops")))
        layout.addLayout(lines)
        layout.addWidget(self._method_wrong)
        layout.addWidget(self.keep_heads)
        layout.addWidget(self.keep_text)
        layout.addWidget(self.keep_own)
        layout.addWidget(self.allow_incomplete)

    @property
    def wrong(self) -> str:
        """What is wrong first."""
        return self.ratios.wrong or self._method_wrong.text()

    def set_methods(self, methods: Sequence[str]) -> None:
        """The methods that the engine has, the default first."""
        if methods and self._methods == tuple(methods):
            return
        self._methods = tuple(methods)
        chosen = self.method.currentData()
        blocked = self.method.blockSignals(True)
        self.method.clear()
        for name in dict.fromkeys(("default", *methods[1:])):
            title = self.tr("Cascade") if name == "default" else method_title(name)
            self.method.addItem(title, name)
        if self._pattern:
            self.method.addItem(method_title(self._pattern), self._pattern)
        self.method.blockSignals(blocked)
        if chosen is not None:
            self._choose_method(str(chosen))

    def offer_pattern(self, method: str) -> None:
        """Offer to crop all photos like one that was copied; ``method`` is its pattern."""
        methods, self._methods, self._pattern = self._methods, (), method
        self.set_methods(methods)

    def show_preset(self, preset: Preset) -> None:
        """Show what a preset says."""
        self.ratios.show_pairs(preset.aspects, preset.sizes)
        self._choose_method(preset.method)
        self.k.setValue(preset.k)
        self.tightness.setValue(round(100 * preset.tightness))
        self.least.setValue(preset.min_pixels)
        self.keep_heads.setChecked(preset.keep_heads)
        self.keep_text.setChecked(preset.keep_text)
        self.keep_own.setChecked(preset.keep_own_crops)
        self.allow_incomplete.setChecked(preset.allow_incomplete)
        self.turn_ratios.setChecked(preset.turn_ratios)
        self.place.choose(preset.place)

    def values(self) -> dict[str, object]:
        """The fields of a preset; raises CropsightError where one is wrong."""
        return {
            "aspects": self.ratios.aspects,
            "sizes": self.ratios.sizes,
            "method": self.method.currentData(),
            "k": self.k.value(),
            "tightness": self.tightness.value() / 100,
            "min_pixels": self.least.value(),
            "keep_heads": self.keep_heads.isChecked(),
            "keep_text": self.keep_text.isChecked(),
            "keep_own_crops": self.keep_own.isChecked(),
            "allow_incomplete": self.allow_incomplete.isChecked(),
            "turn_ratios": self.turn_ratios.isChecked(),
            "place": self.place.currentData(),
        }

    def _choose_method(self, name: str) -> None:
        if self._methods and name == self._methods[0]:
            name = "default"
        if self.method.findData(name) < 0:
            # It stays what the preset asks for, until the person chooses another.
            self.method.addItem(method_title(name), name)
        self.method.choose(name)
        self._check_method()

    def _method_changed(self) -> None:
        self._check_method()
        self.changed.emit()

    def _check_method(self) -> None:
        name = self.method.currentData()
        matches = str(name).startswith(f"{MATCH}:")
        known = matches or not self._methods or name in ("default", *self._methods)
        text = "" if known else self.tr("This engine has no method {0}.").format(name)
        self._method_wrong.setText(text)
        self._method_wrong.setVisible(bool(text))

"""Panels of the overlays: composition guides and maps."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.i18n.engine_messages import translated
from app.widgets.controls import ComboBox, Slider, caption, column, icon_button, row, secondary
from cropcore.geometry.crop import MAP_TITLES, Map

TURNS = 4


def _tr(text: str) -> str:
    return QCoreApplication.translate("Guides", text)


def guide_titles() -> dict[str, str]:
    """The guides' names for a person."""
    return {
        "none": _tr("None"),
        "thirds": _tr("Thirds"),
        "golden": _tr("Golden ratio"),
        "diagonals": _tr("Diagonals"),
        "spiral": _tr("Golden spiral"),
        "centre": _tr("Centre"),
    }


class GuidesPanel(QWidget):
    """Chooses the guide inside the crop.

    Signals: ``chosen`` (name, turn from 0 to 3), ``always_changed`` (whether it stays
    without a drag).
    """

    chosen = Signal(str, int)
    always_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._turn = 0
        self.combo = ComboBox(self.tr("Guides"))
        self.combo.setToolTip(self.tr("Guides inside the crop (O)"))
        for name, title in guide_titles().items():
            self.combo.addItem(title, name)
        self.combo.currentIndexChanged.connect(self._emit)
        self.turn_button = icon_button("turn", self.tr("Turn the guide (Shift+O)"))
        self.turn_button.clicked.connect(self.turn)
        self.box = QCheckBox(self.tr("Always"))
        self.box.setToolTip(self.tr("Show guides even when nothing is dragged"))
        self.box.setFocusPolicy(self.turn_button.focusPolicy())
        self.box.toggled.connect(self.always_changed)
        layout = column(self)
        layout.addLayout(row(caption(self.tr("Guides")), 1, self.box))
        layout.addLayout(row(self.combo, self.turn_button))

    @property
    def name(self) -> str:
        """The chosen guide."""
        return str(self.combo.currentData())

    @property
    def can_turn(self) -> bool:
        """Whether the chosen guide looks otherwise when it is turned."""
        return self.name == "spiral"

    def choose(self, name: str, always: bool) -> None:
        """Show a guide without announcing it."""
        self.combo.choose(name)
        blocked = self.box.blockSignals(True)
        self.box.setChecked(always)
        self.box.blockSignals(blocked)
        self.turn_button.setEnabled(self.can_turn)

    def next(self) -> None:
        """Choose the next guide."""
        self.combo.setCurrentIndex((self.combo.currentIndex() + 1) % self.combo.count())

    def turn(self) -> None:
        """Turn the guide by a quarter."""
        self._turn = (self._turn + 1) % TURNS
        self._emit()

    def _emit(self) -> None:
        self.turn_button.setEnabled(self.can_turn)
        self.chosen.emit(self.name, self._turn)


class MapsPanel(QWidget):
    """Chooses the map over the photo and says what it means.

    Signals: ``chosen`` (name, a str, or None for no map), ``opacity_changed`` (0 to 1).
    """

    chosen = Signal(object)
    opacity_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.combo = ComboBox(self.tr("Maps"))
        self.combo.setToolTip(self.tr("See what suggestions are made of (M)"))
        self.combo.addItem(self.tr("Off"), None)
        self.combo.currentIndexChanged.connect(lambda _: self.chosen.emit(self.name))
        self.slider = Slider(0, 100, self.tr("Map opacity"), 60)
        self.slider.setToolTip(self.tr("Opacity of the map"))
        self.slider.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.meaning = secondary()
        self.readout = secondary()
        self.readout.setWordWrap(False)
        self._details = QWidget()
        details = column(self._details)
        opacity = secondary(self.tr("Opacity"))
        opacity.setWordWrap(False)
        details.addLayout(row(opacity, self.slider))
        details.addWidget(self.meaning)
        details.addWidget(self.readout)
        layout = column(self)
        layout.addWidget(caption(self.tr("Maps")))
        layout.addWidget(self.combo)
        layout.addWidget(self._details)
        self._details.hide()
        self.setEnabled(False)

    @property
    def name(self) -> str | None:
        """The chosen map, None when off."""
        return self.combo.currentData()

    @property
    def opacity_value(self) -> float:
        """Opacity, 0 to 1."""
        return self.slider.value() / 100

    def set_names(self, names: tuple[str, ...]) -> None:
        """The maps that the engine can make."""
        chosen = self.name
        blocked = self.combo.blockSignals(True)
        while self.combo.count() > 1:
            self.combo.removeItem(1)
        for name in names:
            self.combo.addItem(translated(MAP_TITLES[name]), name)
        self.combo.setCurrentIndex(max(self.combo.findData(chosen), 0))
        self.combo.blockSignals(blocked)
        self.setEnabled(bool(names))

    def next(self) -> None:
        """Choose the next map; after the last comes none."""
        if self.isEnabled():
            self.combo.setCurrentIndex((self.combo.currentIndex() + 1) % self.combo.count())

    def show_map(self, shown: Map | None) -> None:
        """Explain the map that is shown."""
        self._details.setVisible(self.name is not None)
        self.meaning.setText(translated(shown.meaning) if shown else self.tr("One moment …"))
        self.show_value(None)

    def show_value(self, value: float | None) -> None:
        """The map's value under the cursor."""
        text = "–" if value is None else f"{value:.2f}"
        self.readout.setText(self.tr("Under the cursor: {0}").format(text))

"""The panel that chooses the cropping method."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.i18n.method_texts import method_title, method_words
from app.widgets.controls import ButtonRow, ComboBox, column, secondary, text_button


class MethodPanel(QWidget):
    """Chooses which published method proposes.

    Signals: ``chosen`` (name), ``compare_wanted`` (the methods side by side), ``why_wanted``
    (this crop).
    """

    chosen = Signal(str)
    compare_wanted = Signal()
    why_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.combo = ComboBox(self.tr("Method"))
        self.combo.setToolTip(self.tr("Who proposes the candidates (Alt+1 to Alt+6)"))
        self.combo.currentIndexChanged.connect(self._emit)
        self.meaning = secondary()
        self.compare_button = text_button(
            self.tr("Compare"), self.tr("The best crop of each method, side by side (A)")
        )
        self.compare_button.clicked.connect(self.compare_wanted)
        self.why_button = text_button(
            self.tr("Why this crop"), self.tr("What speaks for the crop in hand (W)")
        )
        self.why_button.clicked.connect(self.why_wanted)
        layout = column(self)
        layout.addWidget(self.combo)
        layout.addWidget(self.meaning)
        layout.addWidget(ButtonRow(self.compare_button, self.why_button))
        self.set_methods(())

    @property
    def name(self) -> str | None:
        """The chosen method, None while none is known."""
        return self.combo.currentData()

    def set_methods(self, methods: tuple[str, ...]) -> None:
        """The methods of the engine, the default first."""
        words = method_words()
        blocked = self.combo.blockSignals(True)
        self.combo.clear()
        for place, name in enumerate(methods):
            self.combo.addItem(method_title(name), name)
            if name in words:
                self.combo.setItemData(place, words[name].tip, Qt.ItemDataRole.ToolTipRole)
        self.combo.blockSignals(blocked)
        self.setEnabled(bool(methods))
        self._explain()

    def choose(self, name: str) -> None:
        """Show a method without announcing it; one that is not known is the default."""
        self.combo.choose(name)
        self._explain()

    def _emit(self) -> None:
        self._explain()
        self.chosen.emit(self.name)

    def _explain(self) -> None:
        words = method_words().get(self.name or "")
        self.meaning.setText(f"{words.tip}." if words is not None else "")
        self.meaning.setVisible(words is not None)

"""List of aspect ratios on the batch page, each with its output size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.i18n.aspect_texts import aspect_name
from app.style import theme
from app.widgets.controls import column, icon_button, plain_label, row
from app.widgets.ratio_chips import RatioChips
from app.widgets.typed_field import Taken, TypedField
from cropcore.geometry.aspect import Aspect
from cropcore.images.output_size import Size


def wrong_label() -> QLabel:
    """What is wrong with the field above; hidden while nothing is."""
    label = plain_label()
    label.setProperty("kind", "warning")
    label.setWordWrap(True)
    label.hide()
    return label


def mark_wrong(field: QLineEdit, label: QLabel, why: str) -> None:
    """Say beside a field what is wrong with it, or that nothing is."""
    label.setText(why)
    label.setVisible(bool(why))
    field.setAccessibleDescription(why)
    if bool(field.property("wrong")) != bool(why):
        field.setProperty("wrong", bool(why))
        theme.restyle(field)


def _read_size(text: str) -> Size | None:
    return Size.parse(text) if text.strip() else None


def _read_ratio(text: str) -> Aspect | None:
    # As presets write it, so that none is there twice.
    return Aspect.parse(str(Aspect.parse(text))) if text.strip() else None


class _Row(QWidget):
    """One shape and the size of its files, ``pixels``; None for the crop's own.

    Signals: ``changed`` (of the size), ``dropped`` (the shape is wanted no more).
    """

    changed = Signal()
    dropped = Signal()

    def __init__(self, aspect: Aspect, size: Size | None) -> None:
        super().__init__()
        self.aspect = aspect
        name = aspect_name(aspect)
        label = plain_label(name)
        label.setFixedWidth(64)
        self.pixels = size
        self.field = TypedField(
            self.tr("Size of {0} in pixels").format(name), _read_size, Taken.WHILE_TYPED
        )
        self.field.show_text(str(size) if size else "")
        self.field.setPlaceholderText(self.tr("The crop's own pixels"))
        self.field.setToolTip(self.tr("Exact, such as 1080x1350, or the long side alone: 2048"))
        self.field.typed.connect(self._take)
        self.field.judged.connect(self.changed)
        self.drop = icon_button("close", self.tr("Without {0}").format(name))
        self.drop.clicked.connect(self.dropped)
        layout = column(self, 2)
        layout.addLayout(row(label, self.field, self.drop))
        layout.addWidget(self.field.refusal)

    @property
    def wrong(self) -> str:
        """What is wrong with the size."""
        return self.field.wrong

    def _take(self, size: Size | None) -> None:
        self.pixels = size
        self.changed.emit()


class RatioRows(QWidget):
    """Chips for the known shapes, a field for any other, and one row for each that is chosen.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self._ratios = RatioChips("batch", self.tr("Files as {0}"))
        self.chips = self._ratios.chips
        self._ratios.toggled.connect(self._toggle)
        self.other = TypedField(self.tr("Another ratio"), _read_ratio, Taken.ON_LEAVING)
        self.other.setPlaceholderText(self.tr("Other"))
        self.other.setToolTip(self.tr("Type a ratio such as 10:15 or 1.91 and press Enter"))
        self.other.setMinimumWidth(40)
        self.other.typed.connect(self._type)
        self.other.judged.connect(self.changed)
        self._ratios.add(self.other, 2)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.GAP_XS)
        layout = column(self)
        layout.addWidget(self._ratios)
        layout.addWidget(self.other.refusal)
        layout.addLayout(self._list)

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """The chosen shapes."""
        return tuple(line.aspect for line in self.rows)

    @property
    def sizes(self) -> tuple[Size | None, ...]:
        """Their sizes."""
        return tuple(line.pixels for line in self.rows)

    @property
    def wrong(self) -> str:
        """What is wrong first."""
        if not self.rows:
            return self.tr("Choose a ratio.")
        return self.other.wrong or next((line.wrong for line in self.rows if line.wrong), "")

    def show_pairs(self, aspects: Sequence[Aspect], sizes: Sequence[Size | None]) -> None:
        """Show the shapes and sizes of a preset."""
        for line in tuple(self.rows):
            self._remove(line)
        for aspect, size in zip(aspects, sizes, strict=True):
            self._add(aspect, size)
        self.other.show_text("", at_once=True)
        self._ratios.show_chosen(self.aspects)

    def _toggle(self, aspect: Aspect, on: bool) -> None:
        known = next((line for line in self.rows if line.aspect == aspect), None)
        if on and known is None:
            self._add(aspect, None)
        elif not on and known is not None:
            self._remove(known)
        self._ratios.show_chosen(self.aspects)
        self.changed.emit()

    def _type(self, aspect: Aspect | None) -> None:
        self.other.show_text("", at_once=True)
        if aspect is not None:
            self._toggle(aspect, True)

    def _add(self, aspect: Aspect, size: Size | None) -> None:
        line = _Row(aspect, size)
        line.changed.connect(self.changed)
        line.dropped.connect(lambda: self._toggle(aspect, False))
        before = self.rows[-1].drop if self.rows else self.other
        self.rows.append(line)
        self._list.addWidget(line)
        QWidget.setTabOrder(before, line.field)
        QWidget.setTabOrder(line.field, line.drop)

    def _remove(self, line: _Row) -> None:
        self.rows.remove(line)
        self._list.removeWidget(line)
        line.hide()
        line.deleteLater()

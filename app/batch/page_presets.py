"""List of presets on the batch page, the person's own first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.batch.preset_text import say_preset
from app.style import theme
from app.widgets.controls import caption, column, plain_tip, row, text_button
from cropcore.batch.preset_library import LibraryPreset

_PRESET_ROLE = Qt.ItemDataRole.UserRole
_ROW = 46

Index = QModelIndex | QPersistentModelIndex


class _PresetModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.presets: list[LibraryPreset] = []

    def set_presets(self, presets: Sequence[LibraryPreset]) -> None:
        """Other presets."""
        self.beginResetModel()
        self.presets = list(presets)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row for each."""
        return 0 if parent.isValid() else len(self.presets)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name and words of a preset."""
        if not index.isValid() or index.row() >= len(self.presets):
            return None
        one = self.presets[index.row()]
        if role == _PRESET_ROLE:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return one.preset.name
        whose = self.tr("your own") if one.own else self.tr("comes with Cropsight")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{one.preset.name}: {say_preset(one.preset)}, {whose}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{one.preset.name}\n{say_preset(one.preset)}\n{whose}")
        return None


class _PresetDelegate(QStyledItemDelegate):
    """Paints a preset's name, what it makes, and a line between the person's own and the others."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size that it likes to have."""
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        colours = theme.current()
        one: LibraryPreset = index.data(_PRESET_ROLE)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRect(option.rect).adjusted(6, 1, -6, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            ground = theme.mixed(colours.panel, colours.accent, 0.22 if selected else 0.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.mixed(ground, colours.text, 0.0 if selected else 0.08))
            painter.drawRoundedRect(QRectF(cell), 4, 4)
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        text = cell.adjusted(8, 4, -8, -4)
        upper, lower = QRect(text), QRect(text)
        upper.setHeight(18)
        lower.setTop(upper.bottom() + 1)
        right = Qt.TextElideMode.ElideRight
        painter.setFont(theme.font(theme.BODY, bold=one.own))
        painter.setPen(colours.text)
        name = painter.fontMetrics().elidedText(one.preset.name, right, upper.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.secondary)
        words = painter.fontMetrics().elidedText(say_preset(one.preset), right, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class PresetList(QWidget):
    """Shows the presets and chooses a preset.

    Signals: ``chosen`` (LibraryPreset), ``import_wanted``, ``export_wanted``.
    """

    chosen = Signal(LibraryPreset)
    import_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("presetSide")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = _PresetModel(self)
        self.list = QListView()
        self.list.setObjectName("presetList")
        self.list.setAccessibleName(self.tr("Presets"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(_PresetDelegate(self))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.selectionModel().currentChanged.connect(lambda index, _: self._emit(index))
        self.import_button = text_button(
            self.tr("Import …"), self.tr("Take a preset's file among your own")
        )
        self.import_button.clicked.connect(self.import_wanted)
        self.export_button = text_button(
            self.tr("Export …"), self.tr("Write this preset to a file for somebody else")
        )
        self.export_button.clicked.connect(self.export_wanted)
        head = row(caption(self.tr("Presets")), 1)
        head.setContentsMargins(14, 14, 12, 4)
        foot = row(self.import_button, self.export_button)
        foot.setStretch(0, 1)
        foot.setStretch(1, 1)
        foot.setContentsMargins(12, 8, 12, 12)
        layout = column(self, 0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)

    @property
    def current(self) -> LibraryPreset | None:
        """The preset that is chosen."""
        found: LibraryPreset | None = self.list.currentIndex().data(_PRESET_ROLE)
        return found

    @property
    def all(self) -> tuple[LibraryPreset, ...]:
        """All presets, the person's own first."""
        return tuple(self._model.presets)

    def show_presets(self, presets: Sequence[LibraryPreset], shown: Path | None) -> None:
        """Show the presets and choose the one of the file ``shown``, else the one from before."""
        wanted = shown or (self.current.path if self.current else None)
        before = self.current
        blocked = self.list.selectionModel().blockSignals(True)
        self._model.set_presets(presets)
        place = next((i for i, one in enumerate(presets) if one.path == wanted), 0)
        self.list.setCurrentIndex(self._model.index(place))
        self.list.selectionModel().blockSignals(blocked)
        self.list.viewport().update()
        self.list.scrollTo(self.list.currentIndex())
        if self.current is not None and (shown is not None or self.current != before):
            self.chosen.emit(self.current)

    def _emit(self, index: QModelIndex) -> None:
        one = index.data(_PRESET_ROLE)
        if one is not None:
            self.chosen.emit(one)

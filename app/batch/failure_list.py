"""List of the photos that failed in a batch, by name and reason; rows can be copied."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.batch.batch_thread import JobFailure
from app.style import theme
from app.widgets.controls import plain_tip, row, secondary, text_button

_FAILURE_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class FailureModel(QAbstractListModel):
    """What came to nothing, in the order of the batch."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._failures: list[JobFailure] = []
        self.failed = self.skipped = 0

    @property
    def failures(self) -> tuple[JobFailure, ...]:
        """All of them."""
        return tuple(self._failures)

    def add(self, failure: JobFailure) -> None:
        """One more."""
        place = len(self._failures)
        self.beginInsertRows(QModelIndex(), place, place)
        self._failures.append(failure)
        self.failed += failure.kind == "failed"
        self.skipped += failure.kind == "skipped"
        self.endInsertRows()

    def clear(self) -> None:
        """Another batch begins."""
        self.beginResetModel()
        self._failures.clear()
        self.failed = self.skipped = 0
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row for each."""
        return 0 if parent.isValid() else len(self._failures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name and reason of a row."""
        if not index.isValid() or index.row() >= len(self._failures):
            return None
        failure = self._failures[index.row()]
        if role == _FAILURE_ROLE:
            return failure
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{failure.path.name}: {failure.reason}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{failure.path}\n{failure.reason}")
        return None

    def text(self, rows: list[int]) -> str:
        """Some rows as text, a line each, with the whole path."""
        return "\n".join(f"{self._failures[i].path}\t{self._failures[i].reason}" for i in rows)


class _FailureDelegate(QStyledItemDelegate):
    """Paints the name, and the reason below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size that it likes to have."""
        return QSize(120, 46)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        colours = theme.current()
        failure: JobFailure = index.data(_FAILURE_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.mixed(colours.control, colours.accent, 0.22))
        cell = QRect(option.rect).adjusted(12, 5, -12, -5)
        mark = colours.error if failure.kind == "failed" else colours.warning
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(cell.left(), cell.top() + 1, theme.pixmap("warning", mark, 16, scale))
        cell.setLeft(cell.left() + 26)
        upper, lower = QRect(cell), QRect(cell)
        upper.setHeight(18)
        lower.setTop(upper.bottom() + 1)
        middle = Qt.TextElideMode.ElideMiddle
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(colours.text)
        name = painter.fontMetrics().elidedText(failure.path.name, middle, upper.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.secondary)
        right = Qt.TextElideMode.ElideRight
        reason = painter.fontMetrics().elidedText(failure.reason, right, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, reason)
        painter.restore()


class FailureList(QDialog):
    """Lists them beside the window, which stays in use."""

    def __init__(self, model: FailureModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Photos without crops"))
        self.resize(620, 460)
        self._model = model
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Photos without crops, and why"))
        self.list.setModel(model)
        self.list.setItemDelegate(_FailureDelegate(self))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.copy_button = text_button(
            self.tr("Copy"), self.tr("Copy the selected lines, or all of them (Ctrl+C)")
        )
        self.copy_button.clicked.connect(self.copy)
        close = text_button(self.tr("Close"), self.tr("Close (Esc)"))
        close.clicked.connect(self.hide)
        hint = secondary(self.tr("The photos themselves are untouched."))
        hint.setWordWrap(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(theme.GAP_M)
        layout.addWidget(self.list, 1)
        foot = row(hint, 1, self.copy_button, close)
        foot.setContentsMargins(16, 0, 16, 0)
        layout.addLayout(foot)

    def copy(self) -> None:
        """Put the selected lines, or all, on the clipboard."""
        chosen = sorted(i.row() for i in self.list.selectionModel().selectedIndexes())
        rows = chosen or list(range(self._model.rowCount()))
        QGuiApplication.clipboard().setText(self._model.text(rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

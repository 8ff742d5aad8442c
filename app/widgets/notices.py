"""Notices over the canvas: non-blocking messages with a text and buttons."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n import plurals
from app.style import theme
from app.widgets.controls import column, icon_button, row, text_button

SHOWN_MS = 8000
KEPT = 4
_WIDTH = 420
_DETAILS_HEIGHT = 140
_BELOW_FROM = 2
"""From this number of buttons on they lie below the text."""


class Severity(StrEnum):
    """How grave a notice is; only plain information goes away by itself."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Notice(QFrame):
    """One notice: a text, buttons, perhaps progress, and details that open on demand.

    Signals: ``closed``, ``resized`` (it may want another height now).
    """

    closed = Signal()
    resized = Signal()

    def __init__(self, text: str, kind: Severity) -> None:
        super().__init__()
        self.kind = kind
        self.setProperty("kind", "notice")
        self.setProperty("level", str(kind))
        self.setAccessibleName(text)
        self._label = QLabel(text)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setMinimumWidth(120)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._mark = QLabel()
        self._mark.setFixedSize(theme.ICON_SIZE, theme.ICON_SIZE)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GAP_S)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._progress.hide()
        close = icon_button("close", self.tr("Close the notice"))
        close.setFixedSize(theme.HIT_SIZE, theme.HIT_SIZE)
        close.clicked.connect(self.close_notice)
        self._line = QHBoxLayout()
        self._line.setSpacing(theme.GAP_S)
        self._line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        self._line.addWidget(self._label, 1)
        self._line.addLayout(self._buttons)
        self._line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._foot = row(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(theme.GAP_S)
        layout.addLayout(self._line)
        layout.addLayout(self._foot)
        layout.addWidget(self._progress)
        self._details: DetailText | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_notice)
        self._draw_mark()

    @property
    def details(self) -> DetailText | None:
        """What :meth:`set_details` put behind the button."""
        return self._details

    def set_details(self, text: str) -> None:
        """Put a traceback, or a list of files, behind a button; it can be copied."""
        if self._details is None:
            self._details = DetailText()
            self._details.hide()
            button = self.add_button(self.tr("Details"), self.toggle_details)
            button.setCheckable(True)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._details)
        self._details.set_text(text)

    def toggle_details(self) -> None:
        """Open or close the details; the notice stays from then on."""
        if self._details is not None:
            self._details.setVisible(self._details.isHidden())
            self.keep()
            self.resized.emit()

    @property
    def text(self) -> str:
        """What the notice says."""
        return self._label.text()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._label.setText(text)
        self.setAccessibleName(text)

    def add_button(self, text: str, act: Callable[[], object]) -> QPushButton:
        """A button; the notice stays until it is closed or its time is over."""
        button = text_button(text)
        button.clicked.connect(lambda: act())
        self._buttons.addWidget(button)
        if self._buttons.count() == _BELOW_FROM:
            # Beside so many the text would stand in a narrow column.
            self._line.removeItem(self._buttons)
            self._buttons.setParent(None)
            self._foot.addLayout(self._buttons)
        button.show()  # what is hidden still would need no room
        self.resized.emit()
        return button

    def set_progress(self, done: int, total: int) -> None:
        """Show how much is done."""
        self._progress.setRange(0, max(total, 1))
        self._progress.setValue(done)
        self._progress.show()

    def fade_later(self, after_ms: int = SHOWN_MS) -> None:
        """Close by itself after a while, unless the pointer rests on it."""
        self._timer.start(after_ms)

    def keep(self) -> None:
        """Stay until it is closed."""
        self._timer.stop()

    def close_notice(self) -> None:
        """Close; not by the timer while the pointer is over it."""
        if self.underMouse() and self.sender() is self._timer:
            self._timer.start()
            return
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_mark()
        super().changeEvent(event)

    def _draw_mark(self) -> None:
        colours = theme.current()
        colour = {
            Severity.INFO: colours.accent,
            Severity.WARNING: colours.warning,
            Severity.ERROR: colours.error,
        }[self.kind]
        name = "info" if self.kind is Severity.INFO else "warning"
        self._mark.setPixmap(theme.pixmap(name, colour, theme.ICON_SIZE, self.devicePixelRatioF()))


class DetailText(QWidget):
    """Read-only text of a traceback or list, to be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QPlainTextEdit()
        self.field.setReadOnly(True)
        self.field.setFixedHeight(_DETAILS_HEIGHT)
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.field.setAccessibleName(self.tr("Details"))
        self.field.setTabChangesFocus(True)
        self.copy_button = text_button(self.tr("Copy"), self.tr("Copy the details"))
        self.copy_button.clicked.connect(self.copy)
        inside = column(self)
        inside.addWidget(self.field)
        inside.addLayout(row(1, self.copy_button))

    @property
    def text(self) -> str:
        """The whole text."""
        return self.field.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text, from its beginning."""
        self.field.setPlainText(text)

    def copy(self) -> None:
        """Put the whole text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
        self.copy_button.setText(self.tr("Copied"))


class NoticeStack(QWidget):
    """The open notices, newest last, in the top right corner of the widget it lies on.

    More than a few errors at once fold into one line that counts the rest.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.notices: list[Notice] = []
        self._over = over
        self._rest = QFrame()
        self._rest.setProperty("kind", "notice")
        self._count = QLabel()
        self._count.setProperty("kind", "secondary")
        self.copy_all = text_button(self.tr("Copy all"), self.tr("Copy the text of all notices"))
        self.copy_all.clicked.connect(self._copy_all)
        folded = QHBoxLayout(self._rest)
        folded.setContentsMargins(12, 8, 8, 8)
        folded.setSpacing(theme.GAP_S)
        folded.addWidget(self._count, 1)
        folded.addWidget(self.copy_all)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.GAP_S)
        self._layout.addWidget(self._rest)
        over.installEventFilter(self)
        self._arrange()

    def add(self, text: str, kind: Severity = Severity.INFO, details: str = "") -> Notice:
        """Show a notice, perhaps with details to copy; the same error twice is shown once."""
        for known in self.notices:
            if known.kind is kind is not Severity.INFO and known.text == text:
                return known
        notice = Notice(text, kind)
        if details:
            notice.set_details(details)
        notice.closed.connect(lambda: self._drop(notice))
        notice.resized.connect(self._arrange)
        self.notices.append(notice)
        self._layout.insertWidget(self._layout.count() - 1, notice)
        if kind is Severity.INFO:
            notice.fade_later()
        self._arrange()
        return notice

    def clear(self) -> None:
        """Close all notices."""
        for notice in tuple(self.notices):
            self._drop(notice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what happens to the widgets that are watched."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _copy_all(self) -> None:
        texts = "\n".join(notice.text for notice in self.notices)
        QGuiApplication.clipboard().setText(texts)

    def _drop(self, notice: Notice) -> None:
        if notice in self.notices:
            self.notices.remove(notice)
            self._layout.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        for place, notice in enumerate(self.notices):
            notice.setVisible(place < KEPT)
        hidden = len(self.notices) - KEPT
        self._rest.setVisible(hidden > 0)
        self._count.setText(plurals.more(hidden))
        self.setVisible(bool(self.notices))
        room = self._over.rect().adjusted(12, 12, -12, -12)
        width = max(min(_WIDTH, room.width()), 160)
        # A label's size hint ignores the width at which its text wraps.
        self._layout.invalidate()
        self.resize(width, self._layout.totalHeightForWidth(width))
        self.move(room.right() + 1 - self.width(), room.top())
        self.raise_()

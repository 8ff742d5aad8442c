"""Notices in a column of their own: non-blocking messages with a text and buttons."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n import plurals
from app.style import theme
from app.widgets.controls import (
    ButtonRow,
    column,
    icon_button,
    plain_label,
    plain_tip,
    row,
    text_button,
)

SHOWN_MS = 8000
KEPT = 4
_SHARE = 0.45
"""How much of the height of its column the stack takes at most."""
_DETAILS_HEIGHT = 140
_MARGIN = 12
_EDGES = (12, 8, 8, 8)
"""Left, top, right and bottom of a notice."""
_FIRST_LINE = 3
"""Brings the first line to the height of the mark and of the close button."""


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
        self._texts = {text: ""}
        self._words = text
        self._at_work = False
        self.setProperty("kind", "notice")
        self.setProperty("level", str(kind))
        self.setAccessibleName(text)
        self._label = plain_label(text)
        self._label.setWordWrap(True)
        self._label.setContentsMargins(0, _FIRST_LINE, 0, _FIRST_LINE)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setMinimumWidth(24)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._mark = plain_label()
        self._mark.setFixedSize(theme.ICON_SIZE, theme.HIT_SIZE)
        self._buttons = ButtonRow(fill=False)
        self._buttons.hide()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._progress.hide()
        close = icon_button("close", self.tr("Close the notice"))
        close.setFixedSize(theme.HIT_SIZE, theme.HIT_SIZE)
        close.clicked.connect(self.close_notice)
        self._line = QHBoxLayout()
        self._line.setSpacing(theme.GAP_S)
        self._line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self._label, 1)
        self._line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_EDGES)
        layout.setSpacing(theme.GAP_S)
        layout.addLayout(self._line)
        layout.addWidget(self._buttons)
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
        """What the notice says, with whole names."""
        return self._words

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._texts = {text: ""}
        self._say(text)

    def also(self, text: str, details: str = "") -> None:
        """Something of the same kind happened: count it, and list all of it in the details."""
        if text not in self._texts:
            self._texts[text] = details
            self._say(f"{next(iter(self._texts))} {plurals.more_alike(len(self._texts) - 1)}")
            listed = (f"{said}\n{more}".rstrip() for said, more in self._texts.items())
            self.set_details("\n".join(listed))
            if self._timer.isActive():
                self._timer.start()

    def says(self, text: str) -> bool:
        """Whether this text is among what it tells."""
        return text in self._texts

    def fit(self, width: int) -> None:
        """Cut names that are wider than a notice of this width in their middle; ends stay."""
        left, _, right, _ = _EDGES
        room = width - left - right - 2 * theme.GAP_S - theme.ICON_SIZE - theme.HIT_SIZE - 4
        metrics, middle = self._label.fontMetrics(), Qt.TextElideMode.ElideMiddle
        # Line by line, for a word ends there as well.
        shown = "\n".join(
            " ".join(metrics.elidedText(word, middle, room) for word in line.split(" "))
            for line in self._words.split("\n")
        )
        if shown != self._label.text():
            self._label.setText(shown)
        self._label.setToolTip(plain_tip(self._words) if shown != self._words else "")

    def _say(self, text: str) -> None:
        self._words = text
        self._label.setText(text)
        self.setAccessibleName(text)
        self.resized.emit()

    def add_button(self, text: str, act: Callable[[], object]) -> QPushButton:
        """A button; the notice stays until it is closed or its time is over."""
        button = text_button(text)
        button.clicked.connect(lambda: act())
        self._buttons.add(button)
        self._buttons.show()
        button.show()  # what is hidden still would need no room
        self.resized.emit()
        return button

    @property
    def at_work(self) -> bool:
        """Whether it shows the progress of something that goes on."""
        return self._at_work

    def set_progress(self, done: int, total: int) -> None:
        """Show how much is done."""
        self._at_work = True
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


class NoticeStack(QFrame):
    """The open notices in a column, the newest on top; it takes room only while there are some.

    Notices of one topic merge into one that counts them. More than a few at once fold into one line
    that counts the rest. What does not fit is scrolled.
    """

    def __init__(self, beside: QWidget) -> None:
        """``beside`` is the column that it stands in: it takes a share of its height at most."""
        super().__init__()
        self.setObjectName("notices")
        self.notices: list[Notice] = []
        self._topics: dict[Notice, str] = {}
        self._beside = beside
        self._count = plain_label()
        self._count.setProperty("kind", "secondary")
        self.copy_all = text_button(self.tr("Copy all"), self.tr("Copy the text of all notices"))
        self.copy_all.clicked.connect(self._copy_all)
        self.close_all = text_button(
            self.tr("Close all"), self.tr("Close all notices") + " (Shift+Esc)"
        )
        self.close_all.clicked.connect(self.clear)
        self._rest = QWidget()
        folded = QHBoxLayout(self._rest)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(theme.GAP_S)
        folded.addWidget(self._count, 1)
        folded.addWidget(self.copy_all)
        folded.addWidget(self.close_all)
        self._box = QWidget()
        self._box.setObjectName("panelContent")
        self._list = QVBoxLayout(self._box)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.GAP_S)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(theme.GAP_S)
        layout.addWidget(self._scroll)
        layout.addWidget(self._rest)
        beside.installEventFilter(self)
        self._box.installEventFilter(self)
        self._arrange()

    def add(
        self,
        text: str,
        kind: Severity = Severity.INFO,
        details: str = "",
        topic: str = "",
    ) -> Notice:
        """Show a notice, perhaps with details to copy; the same warning twice is shown once.

        Where a notice of this ``topic`` and severity is open, it tells of this as well, and is returned.
        """
        for known in self.notices:
            same = bool(topic) and self._topics[known] == topic
            if known.kind is kind and (same or kind is not Severity.INFO) and known.says(text):
                return known
            if known.kind is kind and same:
                known.also(text, details)
                return known
        notice = Notice(text, kind)
        if details:
            notice.set_details(details)
        notice.closed.connect(lambda: self._drop(notice))
        notice.resized.connect(self._arrange)
        self.notices.append(notice)
        self._topics[notice] = topic
        self._list.insertWidget(0, notice)
        if kind is Severity.INFO:
            notice.fade_later()
        self._arrange()
        self._scroll.verticalScrollBar().setValue(0)
        return notice

    def withdraw(self, topic: str) -> None:
        """Close what was told under a topic: it is no longer so."""
        for notice in tuple(self.notices):
            if self._topics[notice] == topic:
                notice.closed.emit()

    def clear(self) -> None:
        """Close all notices but those of work that goes on, which have its progress and its end."""
        for notice in tuple(self.notices):
            if not notice.at_work:
                notice.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the column and what the notices want."""
        # Qt still asks while Python takes the stack apart, when its attributes may be gone already.
        parts = vars(self)
        if watched is parts.get("_beside") and event.type() == QEvent.Type.Resize:
            self._arrange()
        elif watched is parts.get("_box") and event.type() == QEvent.Type.LayoutRequest:
            self._fit_height()
        return False

    def _copy_all(self) -> None:
        texts = "\n".join(notice.text for notice in self.notices)
        QGuiApplication.clipboard().setText(texts)

    def _drop(self, notice: Notice) -> None:
        if notice in self.notices:
            self.notices.remove(notice)
            del self._topics[notice]
            self._list.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        hidden = max(len(self.notices) - KEPT, 0)
        for place, notice in enumerate(self.notices):
            notice.setVisible(place >= hidden)
        self._rest.setVisible(len(self.notices) > 1)
        self._count.setText(plurals.more(hidden) if hidden else "")
        self.copy_all.setVisible(hidden > 0)
        self.setVisible(bool(self.notices))
        for notice in self.notices:
            notice.fit(self._inner_width())
        # A label's size hint ignores the width at which its text wraps.
        self._list.invalidate()
        self._fit_height()

    def _inner_width(self) -> int:
        return self._beside.width() - 2 * _MARGIN

    def _fit_height(self) -> None:
        wanted = self._list.totalHeightForWidth(self._inner_width()) if self.notices else 0
        self._scroll.setFixedHeight(max(0, min(wanted, round(_SHARE * self._beside.height()))))

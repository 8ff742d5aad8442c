"""Page laid over a widget, with a title and a close button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QAccessibleWidget, QFrame, QVBoxLayout, QWidget

from app.runtime.accessibility import Role, provide_interface
from app.style import theme
from app.widgets.controls import icon_button, plain_label, row

_MARGIN = 16


class OverlayPage(QFrame):
    """Lies in the middle of the widget ``over``, at most as large as ``largest``.

    Signals: ``shown`` (whether it is on the screen now).
    """

    shown = Signal(bool)

    def __init__(self, over: QWidget, title: str, largest: QSize) -> None:
        super().__init__(over)
        self.setProperty("kind", "sheet")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._over = over
        self._first: QWidget = self
        self._largest = largest
        heading = plain_label(title)
        heading.setProperty("kind", "title")
        self.close_button = icon_button("close", self.tr("Close (Esc)"))
        self.close_button.clicked.connect(self.hide)
        self.head = row(heading, 1, self.close_button)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 16, 16, 20)
        self.body.setSpacing(theme.GAP_M)
        self.body.addLayout(self.head)
        over.installEventFilter(self)
        self.hide()

    def begin_with(self, control: QWidget) -> None:
        """Give the focus to a control whenever the page is shown, never to the page itself.

        (A focus proxy would do that too, but Tab passes over what comes before one.)
        """
        self._first = control
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def toggle(self) -> None:
        """Show or hide."""
        self.setVisible(self.isHidden())
        if self.isVisible():
            self._arrange()
            self._first.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what happens to the widgets that are watched."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is shown."""
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is gone, unless the whole window is."""
        super().hideEvent(event)
        if self.isHidden():
            self.shown.emit(False)

    def _arrange(self) -> None:
        room = self._over.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self.resize(self._largest.boundedTo(room.size()))
        self.move(room.center() - self.rect().center())
        self.raise_()


provide_interface(OverlayPage, lambda page: QAccessibleWidget(page, Role.Dialog))

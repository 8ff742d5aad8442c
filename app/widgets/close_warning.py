"""Notice that work goes on which closing the window would stop; it holds the first attempt to close."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.widgets.notices import Notice, NoticeStack


class CloseWarning(QObject):
    """Warns once; to close again while the notice is there means to stop the work.

    Once the notice is gone, by itself or by hand, the next attempt to close is held again.
    """

    def __init__(self, notices: NoticeStack, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._notice: Notice | None = None

    def holds_close(self, text: str) -> bool:
        """Whether the window should stay; ``text`` says what is at work and what closing does."""
        if self._notice is not None:
            return False
        self._notice = self._notices.add(text)
        self._notice.closed.connect(self._forget)
        return True

    def set_text(self, text: str) -> None:
        """Say how much is left, where the notice is there."""
        if self._notice is not None:
            self._notice.set_text(text)

    def withdraw(self) -> None:
        """The work is over: nothing keeps the window from closing."""
        if self._notice is not None:
            self._notice.close_notice()

    def _forget(self) -> None:
        self._notice = None

"""Notices of work that goes on: progress with a way to cancel, failures, and the question at closing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.widgets.notices import Notice, NoticeStack, Severity


class WorkNotices(QObject):
    """Tells of one work after the other in the notices of the window.

    A notice that the person closes stays closed; the work goes on without it.
    """

    def __init__(self, notices: NoticeStack, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._progress: Notice | None = None
        self._question: Notice | None = None
        self._topic = f"failures of {type(parent).__name__}"
        self._failed = False

    def begin(self, text: str, cancel: Callable[[], object]) -> None:
        """Show that a work has begun, until :meth:`end`."""
        self._progress = self._notices.add(text)
        self._progress.keep()
        self._progress.closed.connect(self._forget_progress)
        self._progress.add_button(self.tr("Cancel"), cancel)

    def show_progress(self, text: str, done: int, total: int) -> None:
        """Show how far it is."""
        if self._progress is not None:
            self._progress.set_text(text)
            self._progress.set_progress(done, total)

    def fail(self, text: str) -> None:
        """Tell of a failure; several are counted in one notice, which lists them all."""
        self._failed = True
        self._notices.add(text, Severity.ERROR, topic=self._topic)

    def end(self, written: int) -> None:
        """The work has ended with so many files; earlier failures are past if it had none."""
        if self._progress is not None:
            self._progress.close_notice()
        if written and not self._failed:
            self._notices.withdraw(self._topic)
        self._failed = False

    def holds_close(self, text: str) -> bool:
        """Whether the window should stay, which ``text`` says, because of work that goes on.

        True the first time; to ask again while the notice is there means to stop the work.
        """
        if self._question is not None:
            return False
        self._question = self._notices.add(text)
        self._question.closed.connect(self._forget_question)
        return True

    def renew_question(self, text: str) -> None:
        """Say something else in the notice about closing, where it is shown."""
        if self._question is not None:
            self._question.set_text(text)

    def close_question(self) -> None:
        """Nothing keeps the window any more."""
        if self._question is not None:
            self._question.close_notice()

    def _forget_progress(self) -> None:
        self._progress = None

    def _forget_question(self) -> None:
        self._question = None

"""Notices of work that goes on: progress with a way to cancel, failures, and the question at closing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.widgets.notices import Notice, NoticeStack, Severity

_NAMED = 3
_LISTED = 20


class WorkNotices(QObject):
    """Tells of one work after the other in the notices of the window.

    A notice that the person closes stays closed; the work goes on without it.
    """

    def __init__(self, notices: NoticeStack, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._progress: Notice | None = None
        self._question: Notice | None = None
        self._failures: list[str] = []

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
        """Name a failure; those after the first few are counted at the end."""
        self._failures.append(text)
        if len(self._failures) <= _NAMED:
            self._notices.add(text, Severity.ERROR)

    def end(self) -> None:
        """The work has ended."""
        if self._progress is not None:
            self._progress.close_notice()
        failures, self._failures = self._failures, []
        if more := failures[_NAMED:]:
            text = self.tr("{0} more could not be written.").format(len(more))
            self._notices.add(text, Severity.ERROR).setToolTip("\n".join(more[:_LISTED]))

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

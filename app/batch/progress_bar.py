"""Progress bar of a running batch, and its summary at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton

from app.batch.batch_thread import BatchProgress
from app.style import theme
from app.widgets.controls import ElidedLabel, icon_button, plain_label, text_button

HEIGHT = 40


class BatchProgressBar(QFrame):
    """Lies above the status bar while there is a batch to tell of.

    Signals: ``pause`` (whether to pause or to go on), ``cancel``, ``failures`` (the list of photos that
    came to nothing is wanted), ``closed``.
    """

    pause = Signal(bool)
    cancel = Signal()
    failures = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("batchBar")
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Batch"))
        self.title = plain_label()
        self.title.setProperty("kind", "strong")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(160, 4)
        self.progress.setAccessibleName(self.tr("Progress of the batch"))
        self.text = ElidedLabel()
        self.text.setProperty("kind", "secondary")
        self.failures_button = text_button("", self.tr("Show which, and why"))
        self.failures_button.setProperty("kind", "link")
        self.failures_button.clicked.connect(self.failures)
        self.pause_button = text_button(
            self.tr("Pause"), self.tr("Hold the batch after the photos in hand")
        )
        self.pause_button.clicked.connect(self._toggle_pause)
        self.cancel_button = text_button(
            self.tr("Cancel"), self.tr("End the batch after the files in hand")
        )
        self.cancel_button.clicked.connect(self.cancel)
        self._more = QHBoxLayout()
        self._more.setSpacing(theme.GAP_S)
        self.close_button = icon_button("close", self.tr("Close"))
        self.close_button.setFixedSize(theme.HIT_SIZE, theme.HIT_SIZE)
        self.close_button.clicked.connect(self.closed)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 8, 0)
        line.setSpacing(theme.GAP_M)
        line.addWidget(self.title)
        line.addWidget(self.progress)
        line.addWidget(self.text, 1)
        line.addWidget(self.failures_button)
        line.addLayout(self._more)
        line.addWidget(self.pause_button)
        line.addWidget(self.cancel_button)
        line.addWidget(self.close_button)
        self._buttons: list[QPushButton] = []
        self._paused = False
        self.hide()

    @property
    def buttons(self) -> list[QPushButton]:
        """What is offered at the end."""
        return list(self._buttons)

    def begin(self, title: str, text: str) -> None:
        """A batch begins."""
        self._drop_buttons()
        self.title.setText(title)
        self.text.set_full_text(text)
        self.progress.setRange(0, 1)
        self.progress.setValue(0)
        self.progress.show()
        self.show_failures(0, 0)
        self.show_paused(False)
        for button in (self.pause_button, self.cancel_button):
            button.setEnabled(True)
            button.show()
        self.close_button.hide()
        self.show()

    def show_progress(self, so_far: BatchProgress, text: str) -> None:
        """How far it is."""
        self.progress.setRange(0, max(so_far.total, 1))
        self.progress.setValue(so_far.done)
        self.text.set_full_text(text)

    def show_paused(self, on: bool) -> None:
        """Whether it is held."""
        self._paused = on
        self.pause_button.setText(self.tr("Resume") if on else self.tr("Pause"))
        tip = (
            self.tr("Go on with the batch")
            if on
            else self.tr("Hold the batch after the photos in hand")
        )
        self.pause_button.setToolTip(tip)
        self.pause_button.setAccessibleName(tip)

    def show_failures(self, failed: int, skipped: int) -> None:
        """How many photos came to nothing."""
        words = []
        if failed:
            words.append(self.tr("{0} failed").format(failed))
        if skipped:
            words.append(self.tr("{0} skipped").format(skipped))
        text = ", ".join(words)
        self.failures_button.setText(text)
        self.failures_button.setVisible(bool(words))
        self.failures_button.setAccessibleName(text)

    def show_stopping(self, text: str) -> None:
        """It was cancelled and finishes what is in hand."""
        self.text.set_full_text(text)
        self.pause_button.setEnabled(False)
        self.cancel_button.setEnabled(False)

    def end(self, text: str) -> None:
        """It came to an end; it stays until it is closed."""
        self.progress.hide()
        self.pause_button.hide()
        self.cancel_button.hide()
        self.close_button.show()
        self.text.set_full_text(text)

    def offer(self, text: str, act: Callable[[], object], tip: str = "") -> QPushButton:
        """One more button."""
        button = text_button(text, tip)
        button.clicked.connect(lambda: act())
        self._more.addWidget(button)
        self._buttons.append(button)
        return button

    def _toggle_pause(self) -> None:
        self.show_paused(not self._paused)
        self.pause.emit(self._paused)

    def _drop_buttons(self) -> None:
        for button in self._buttons:
            self._more.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []

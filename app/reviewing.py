"""Review mode: the results of a batch in place of the person's photos, decided by single keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.accepted_files import AcceptedFiles
from app.actions import Actions
from app.document import Document
from app.editor import Editor
from app.panels.notices import Notice, NoticeStack
from app.panels.review_bar import ReviewBar
from app.review import Decision, Review, decision_of
from cropcore.presets import Preset
from cropcore.review import Found

if TYPE_CHECKING:
    from app.window import MainWindow

_SET_BY_PRESET = ("swap", "lock", "free", "circle", "original", "ratio")
_OTHER_CROPS = ("new_crop", "next_crop", "remove_crop")
_OTHER_EXPORTS = ("export_with", "export_candidates", "export_photos")
_MARKS = {Decision.OPEN: "", Decision.ACCEPTED: "check", Decision.REJECTED: "reject"}


class Reviewing(QObject):
    """Begins, shows and leaves reviews; at most one is shown, and the last one left can be gone back to.

    Signals: ``changed`` (a review began or was left, or something in it is decided otherwise).
    """

    changed = Signal()

    def __init__(
        self, document: Document, editor: Editor, actions: Actions, notices: NoticeStack
    ) -> None:
        super().__init__(notices)
        self._document = document
        self._editor = editor
        self._actions = actions
        self._notices = notices
        self._review: Review | None = None
        self._left: Review | None = None
        self._left_notice: Notice | None = None
        self._end_notice: Notice | None = None
        self._words = {name: actions[name].text() for name in ("export", "close", "review")}
        self.bar = ReviewBar(actions.by_name)
        self.files = AcceptedFiles(notices)
        document.photos_changed.connect(self._follow_roll)
        document.current_changed.connect(self._show)
        actions["review"].setEnabled(False)
        for name in ("accept", "reject"):
            # A key that is held must not decide what nobody has seen.
            actions[name].setAutoRepeat(False)

    def connect_window(self, window: MainWindow) -> None:
        """Let the window follow."""
        self.changed.connect(window.show_export_text)
        self._document.current_changed.connect(lambda: self._restrict(window))
        self._document.photos_changed.connect(lambda: self._restrict(window))
        self.changed.connect(lambda: self._restrict(window))

    @property
    def review(self) -> Review | None:
        """The review that is shown."""
        return self._review

    @property
    def write_text(self) -> str:
        """What the export button says meanwhile; empty where no review is shown."""
        if self._review is None:
            return ""
        count = self._review.counts[Decision.ACCEPTED]
        return self.tr("Write {0} accepted").format(count) if count else self.tr("Write accepted")

    def begin(self, found: Sequence[Found], preset: Preset, folder: Path) -> None:
        """Show what a batch found, the least sure first, in place of the person's photos.

        Accepted crops are written to ``folder`` as the preset says, when the person says so.
        """
        if found:
            self._enter(Review(self._document, found, preset, folder))

    def toggle(self) -> None:
        """Leave the review, or go back to the one that was left."""
        if self._review is not None:
            self.leave()
        elif self._left is not None:
            self._enter(self._left)

    def leave(self) -> bool:
        """Bring the person's photos back as they were; False where no review is shown."""
        if self._review is None:
            return False
        self._document.put_back()
        return True

    def accept(self) -> bool:
        """Accept the crop in hand and go on; False where no review is shown."""
        review, photo = self._review, self._editor.photo
        if review is not None and photo is not None and not self._editor.button_down:
            review.accept(photo, self.tr("Accept"))
            self._go_on(review)
        return review is not None

    def reject(self) -> bool:
        """Reject the shown result and go on, or take that back; False where no review is shown."""
        review, photo = self._review, self._editor.photo
        if review is not None and photo is not None and not self._editor.button_down:
            review.reject(photo, self.tr("Reject"))
            if photo.edit.rejected:
                self._go_on(review)
        return review is not None

    def write(self) -> bool:
        """Write what was accepted to new files; False where no review is shown."""
        if self._review is None:
            return False
        self._write(self._review)
        return True

    def stop(self) -> None:
        """Wait for the threads."""
        self.files.stop()

    def _enter(self, review: Review) -> None:
        self.leave()
        if self._left_notice is not None:
            self._left_notice.close_notice()
        self._review = review
        if self._left is review:
            self._left = None
        review.decided.connect(self._decided)
        self.bar.show()
        self._document.lay_over(review.roll)
        self.changed.emit()

    def _follow_roll(self) -> None:
        """Whoever brings the person's photos back, by opening others say, leaves the review."""
        review = self._review
        if review is None or self._document.roll is review.roll:
            return
        self._review, self._left = None, review
        review.decided.disconnect(self._decided)
        self.bar.hide()
        self._close_end_notice()
        self._tell_left(review)
        self.changed.emit()

    def _go_on(self, review: Review) -> None:
        current = self._document.current
        following = review.next_open(current) if current is not None else None
        if following is not None:
            self._document.show(following)
            return
        if self._end_notice is None:
            self._end_notice = self._notices.add(self.tr("All results are decided."))
            self._end_notice.closed.connect(self._forget_end_notice)
            if review.unwritten:
                self._offer(self._end_notice, self.tr("Write"), lambda: self._write(review))

    def _write(self, review: Review) -> None:
        self._close_end_notice()
        accepted = review.accepted()
        if accepted:
            self.files.write(accepted, review.preset, review.folder, review.note_written)
        else:
            self._notices.add(self.tr("Nothing is accepted yet."))

    def _tell_left(self, review: Review) -> None:
        still_open, unwritten = review.counts[Decision.OPEN], review.unwritten
        if not still_open and not unwritten:
            return
        words = [self.tr("Review left.")]
        if unwritten:
            words.append(self.tr("Accepted and not written yet: {0}.").format(unwritten))
        if still_open:
            words.append(self.tr("Not decided: {0}.").format(still_open))
        notice = self._left_notice = self._notices.add(" ".join(words))
        notice.keep()
        notice.closed.connect(self._forget_left_notice)
        if unwritten:
            self._offer(notice, self.tr("Write"), lambda: self._write(review))
        self._offer(notice, self.tr("Back to review"), lambda: self._enter(review))

    def _forget_left_notice(self) -> None:
        self._left_notice = None

    def _forget_end_notice(self) -> None:
        self._end_notice = None

    @staticmethod
    def _offer(notice: Notice, text: str, act: Callable[[], object]) -> None:
        """A button that closes its notice."""
        button = notice.add_button(text, act)
        button.clicked.connect(notice.close_notice)

    def _close_end_notice(self) -> None:
        if self._end_notice is not None:
            self._end_notice.close_notice()

    def _decided(self, _: int) -> None:
        self._close_end_notice()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        """What the bar says."""
        review, photo = self._review, self._document.current
        if review is None or photo is None:
            return
        counts, total = review.counts, len(review.roll.photos)
        words = [str(photo.edit.aspect)]
        if photo.confidence is not None:
            words.append(self.tr("confidence {0} %").format(round(100 * photo.confidence)))
        words.append(
            self.tr("accepted {0}, rejected {1}").format(
                counts[Decision.ACCEPTED], counts[Decision.REJECTED]
            )
        )
        place = self.tr("Review  {0} of {1}").format(review.roll.place_of(photo) + 1, total)
        mark = _MARKS[decision_of(photo.edit)]
        self.bar.show_state(mark, place, "    ".join(words), total - counts[Decision.OPEN], total)

    def _restrict(self, window: MainWindow) -> None:
        """What the preset has settled cannot be chosen in a review."""
        on, act = self._review is not None, self._actions
        act["export"].setText(self.tr("Write accepted") if on else self._words["export"])
        act["close"].setText(self.tr("Leave review") if on else self._words["close"])
        act["review"].setText(self.tr("Leave review") if on else self._words["review"])
        act["review"].setEnabled(on or self._left is not None)
        window.aspect.setToolTip(self.tr("The preset has settled the aspect.") if on else "")
        if on:
            for name in (*_SET_BY_PRESET, *_OTHER_CROPS, *_OTHER_EXPORTS):
                act[name].setEnabled(False)
            window.aspect.setEnabled(False)

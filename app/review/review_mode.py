"""Review mode: a batch's results take the place of the open photos and are accepted or rejected by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.document.document import Document
from app.document.open_photo import OpenPhoto
from app.document.steps_in_slices import StepsInSlices
from app.editor.editor import Editor
from app.review.accepted_to_sidecar import AcceptedToSidecar
from app.review.painted_photo import PaintedPhoto
from app.review.review_bar import ReviewBar
from app.review.review_records import ReviewRecords
from app.review.review_session import Decision, ReviewSession, decision_of
from app.review.unfinished_reviews import UnfinishedReviews, offer, say_rest
from app.review.write_accepted import AcceptedExporter
from app.runtime.workers import StopOrder, register_worker
from app.sidecars.sidecar_sync import SidecarSync
from app.widgets.notices import Notice, NoticeStack
from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.batch.review_record import UnfinishedReview, Verdict

_MARKS = {Decision.OPEN: "", Decision.ACCEPTED: "check", Decision.REJECTED: "reject"}


class ReviewMode(QObject):
    """Begins, shows and leaves reviews; at most one is shown, and the last one left can be gone back to.

    Signals: ``changed`` (a review began or was left, or something in it is decided otherwise).
    """

    changed = Signal()

    def __init__(
        self,
        document: Document,
        editor: Editor,
        actions: Actions,
        notices: NoticeStack,
        sidecar_sync: SidecarSync,
        records: Path,
        viewport: QWidget,
    ) -> None:
        super().__init__(notices)
        register_worker(self, "review", StopOrder.RECORDS)
        self._document = document
        self._editor = editor
        self._actions = actions
        self._notices = notices
        self._review: ReviewSession | None = None
        self._left: ReviewSession | None = None
        self._left_notice: Notice | None = None
        self._end_notice: Notice | None = None
        self._on_screen = PaintedPhoto(document, viewport)
        self.bar = ReviewBar(actions.by_name)
        self.files = AcceptedExporter(notices)
        self.records = ReviewRecords(records, self)
        self.left_reviews = UnfinishedReviews(self.records, notices)
        self.left_reviews.wanted.connect(self._go_on_with)
        self._kept = AcceptedToSidecar(sidecar_sync)
        self._accepting = StepsInSlices(self)
        self._accepting.finished.connect(self._tell_if_decided)
        document.photos_changed.connect(self._follow_roll)
        document.current_changed.connect(self._show)
        actions["review"].setEnabled(False)
        for name in ("accept", "reject"):
            # Auto-repeat of a held key must not decide results that were not seen.
            actions[name].setAutoRepeat(False)

    @property
    def can_go_back(self) -> bool:
        """Whether a review was left that can be shown again."""
        return self._left is not None

    @property
    def review(self) -> ReviewSession | None:
        """The review that is shown."""
        return self._review

    @property
    def can_decide(self) -> bool:
        """Whether the shown result can be decided now: nothing is held, and its picture was seen.

        A key press before the picture was painted is ignored.
        """
        photo = self._document.current
        seen = photo is not None and self._on_screen.shows(photo)
        return seen and not self._editor.button_down

    @property
    def write_text(self) -> str:
        """What the export button says meanwhile; empty where no review is shown."""
        if self._review is None:
            return ""
        if unwritten := self._review.unwritten:
            return self.tr("Write {0} accepted").format(unwritten)
        written = self._review.counts[Decision.ACCEPTED]
        return self.tr("Write {0} again").format(written) if written else self.tr("Write accepted")

    def begin(self, found: Sequence[FoundCrop], preset: Preset, folder: Path) -> None:
        """Show what a batch found, the least sure first, in place of the person's photos.

        Accepted crops are written to ``folder`` as the preset says, when the person says so.
        """
        if found:
            self.keep(found, preset, folder)()

    def keep(self, found: Sequence[FoundCrop], preset: Preset, folder: Path) -> Callable[[], None]:
        """Record what a batch found; the next start offers it unless what is returned shows it."""
        review = ReviewSession(self._document, dict(enumerate(found, 1)), preset, folder)
        self.records.begin(review.number, preset, folder, found)
        return partial(self._begin, review)

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
        self._document.show_own()
        return True

    def accept(self) -> bool:
        """Accept the crop in hand and go on; False where no review is shown."""
        review, photo = self._review, self._editor.photo
        if review is not None and photo is not None and self.can_decide:
            following = review.next_open(photo)
            if following is not None:
                # Before the step, so that the crop that is left is not repainted.
                self._document.show(following)
            review.accept(photo, self.tr("Accept"))
            if following is None:
                self._tell_end(review)
        return review is not None

    def accept_all(self, photos: Sequence[OpenPhoto]) -> bool:
        """Accept those of some results that are not decided, in one step; False where no review is shown."""
        review = self._review
        if review is not None:
            text = self.tr("Accept")
            self._accepting.begin(
                photos, lambda photo, group: review.accept_together(photo, text, group)
            )
        return review is not None

    def reject(self) -> bool:
        """Reject the shown result and go on, or take that back; False where no review is shown."""
        review, photo = self._review, self._editor.photo
        if review is not None and photo is not None and self.can_decide:
            following = None if photo.edit.rejected else review.next_open(photo)
            if following is not None:
                self._document.show(following)
            review.reject(photo, self.tr("Reject"))
            if following is None and photo.edit.rejected:
                self._tell_end(review)
        return review is not None

    def write(self) -> bool:
        """Write what was accepted to new files; False where no review is shown."""
        if self._review is None:
            return False
        self._write(self._review)
        return True

    def stop(self) -> None:
        """Forget a review that is at its end; another one is offered at the next start."""
        for review in (self._review, self._left):
            if review is not None:
                self._close_record(review)

    def _close_record(self, review: ReviewSession) -> None:
        if review.is_complete:
            self.records.finish(review.number)

    def _go_on_with(self, left: UnfinishedReview, found: dict[int, FoundCrop]) -> None:
        review = ReviewSession(self._document, found, left.preset, left.folder, left.verdicts)
        self.records.go_on(review.number, left)
        self._begin(review)

    def _begin(self, review: ReviewSession) -> None:
        review.verdict_given.connect(lambda _, verdict: self._ruled(review, verdict))
        self._kept.follow(review)
        self._enter(review)

    def _enter(self, review: ReviewSession) -> None:
        self.leave()
        self.left_reviews.put_away()
        if self._left_notice is not None:
            self._left_notice.close_notice()
        self._review = review
        if self._left is review:
            self._left = None
        self.bar.show()
        self._document.show_list(review.photo_list)
        self.changed.emit()

    def _follow_roll(self) -> None:
        """Whoever brings the person's photos back, by opening others say, leaves the review."""
        review = self._review
        if review is None or self._document.photo_list is review.photo_list:
            return
        if self._left is not None:
            # Its record is offered at the next start, unless it is at its end.
            self._close_record(self._left)
            self._left.retire()
        self._review, self._left = None, review
        self.bar.hide()
        self._close_end_notice()
        self._tell_left(review)
        self.changed.emit()

    def _tell_if_decided(self) -> None:
        if self._review is not None and not self._review.counts[Decision.OPEN]:
            self._tell_end(self._review)

    def _tell_end(self, review: ReviewSession) -> None:
        if self._end_notice is None:
            self._end_notice = self._notices.add(self.tr("All results are decided."))
            self._end_notice.closed.connect(self._forget_end_notice)
            if review.unwritten:
                offer(self._end_notice, self.tr("Write"), lambda: self._write(review))

    def _write(self, review: ReviewSession) -> None:
        self._close_end_notice()
        accepted = review.accepted()
        if accepted:
            self.files.write(accepted, review.preset, review.folder, review.note_written)
        else:
            self._notices.add(self.tr("Nothing is accepted yet."))

    def _tell_left(self, review: ReviewSession) -> None:
        unwritten = review.unwritten
        if review.is_complete:
            return
        words = [self.tr("Review left."), say_rest(review.counts[Decision.OPEN], unwritten)]
        notice = self._left_notice = self._notices.add(" ".join(words))
        notice.keep()
        notice.closed.connect(self._forget_left_notice)
        if unwritten:
            offer(notice, self.tr("Write"), lambda: self._write(review))
        offer(notice, self.tr("Back to review"), lambda: self._enter(review))

    def _forget_left_notice(self) -> None:
        self._left_notice = None

    def _forget_end_notice(self) -> None:
        self._end_notice = None

    def _close_end_notice(self) -> None:
        if self._end_notice is not None:
            self._end_notice.close_notice()

    def _ruled(self, review: ReviewSession, verdict: Verdict) -> None:
        self.records.note(review.number, verdict)
        if review is self._review:
            self._close_end_notice()
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        """What the bar says."""
        review, photo = self._review, self._document.current
        if review is None or photo is None:
            return
        counts, total = review.counts, len(review.photo_list.photos)
        words = [str(photo.edit.aspect)]
        if (confidence := photo.suggestion_state.confidence) is not None:
            words.append(self.tr("confidence {0} %").format(round(100 * confidence)))
        words.append(
            self.tr("accepted {0}, rejected {1}").format(
                counts[Decision.ACCEPTED], counts[Decision.REJECTED]
            )
        )
        place = self.tr("Review  {0} of {1}").format(review.photo_list.place_of(photo) + 1, total)
        mark = _MARKS[decision_of(photo.edit)]
        self.bar.show_state(mark, place, "   ".join(words), total - counts[Decision.OPEN], total)

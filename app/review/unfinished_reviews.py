"""Offers unfinished reviews of earlier runs in notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.i18n.engine_messages import translated
from app.review.review_records import ReviewRecords
from app.widgets.controls import plain_tip
from app.widgets.notices import Notice, NoticeStack, Severity
from cropcore.batch.review import FoundCrop
from cropcore.batch.review_record import UnfinishedReview
from cropcore.errors import CropsightError

_NAMED = 20


def say_rest(undecided: int, unwritten: int) -> str:
    """What is still to be done in a review."""
    words = []
    if unwritten:
        text = QCoreApplication.translate("ReviewSession", "Accepted and not written yet: {0}.")
        words.append(text.format(unwritten))
    if undecided:
        text = QCoreApplication.translate("ReviewSession", "Not decided: {0}.")
        words.append(text.format(undecided))
    return " ".join(words)


def offer(notice: Notice, text: str, act: Callable[[], object]) -> None:
    """A button that closes its notice."""
    notice.add_button(text, act).clicked.connect(notice.close_notice)


class UnfinishedReviews(QObject):
    """Offers unfinished reviews one at a time, the latest first; the others at the next start.

    Signals: ``wanted`` (UnfinishedReview, dict of FoundCrop by places).
    """

    wanted = Signal(UnfinishedReview, object)

    def __init__(self, records: ReviewRecords, notices: NoticeStack) -> None:
        super().__init__(notices)
        self._records = records
        self._notices = notices
        self._waiting: list[UnfinishedReview] = []
        self._notice: Notice | None = None
        records.left.connect(self._take)
        records.read.connect(self._read)

    def put_away(self) -> None:
        """A review is shown: what else was left behind can wait."""
        self._waiting.clear()
        if self._notice is not None:
            self._notice.close_notice()

    def _take(self, found: tuple[UnfinishedReview, ...]) -> None:
        for left in found:
            if left.undecided or left.unwritten:
                self._waiting.append(left)
            else:
                self._records.discard(left)
        self._offer_next()

    def _offer_next(self) -> None:
        if not self._waiting:
            return
        left = self._waiting.pop()
        text = self.tr("The review of {0} was not finished.").format(left.preset.name)
        notice = self._notices.add(f"{text} {say_rest(left.undecided, left.unwritten)}")
        self._notice = notice
        notice.closed.connect(lambda: self._forget(notice))
        notice.keep()
        notice.setToolTip(plain_tip(str(left.folder)))
        offer(notice, self.tr("Go on"), lambda: self._records.read_in(left))
        offer(notice, self.tr("Discard"), lambda: self._discard(left))

    def _discard(self, left: UnfinishedReview) -> None:
        self._records.discard(left)
        self._offer_next()

    def _forget(self, notice: Notice) -> None:
        if self._notice is notice:
            self._notice = None

    def _read(
        self,
        left: UnfinishedReview,
        found: dict[int, FoundCrop],
        errors: tuple[CropsightError, ...],
    ) -> None:
        if len(errors) == 1:
            self._notices.add(translated(errors[0]), Severity.ERROR)
        elif errors:
            text = self.tr("{0} photos of the review cannot be read and are left out.")
            notice = self._notices.add(text.format(len(errors)), Severity.ERROR)
            notice.setToolTip(plain_tip("\n".join(translated(error) for error in errors[:_NAMED])))
        if found:
            self.wanted.emit(left, found)

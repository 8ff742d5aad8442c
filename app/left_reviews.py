"""Reviews that a crash or a quit left behind, offered in notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.panels.notices import Kind, Notice, NoticeStack
from app.review_records import ReviewRecords
from cropcore.errors import CropsightError
from cropcore.review import Found
from cropcore.review_record import LeftReview


def say_rest(undecided: int, unwritten: int) -> str:
    """What is still to be done in a review."""
    words = []
    if unwritten:
        text = QCoreApplication.translate("Review", "Accepted and not written yet: {0}.")
        words.append(text.format(unwritten))
    if undecided:
        text = QCoreApplication.translate("Review", "Not decided: {0}.")
        words.append(text.format(undecided))
    return " ".join(words)


def offer(notice: Notice, text: str, act: Callable[[], object]) -> None:
    """A button that closes its notice."""
    notice.add_button(text, act).clicked.connect(notice.close_notice)


class LeftReviews(QObject):
    """Offers them one by one. Signals: ``wanted`` (LeftReview, dict of Found by places)."""

    wanted = Signal(object, object)

    def __init__(self, records: ReviewRecords, notices: NoticeStack) -> None:
        super().__init__(notices)
        self._records = records
        self._notices = notices
        records.left.connect(self._offer)
        records.read.connect(self._read)

    def _offer(self, left: LeftReview) -> None:
        if not left.undecided and not left.unwritten:
            self._records.discard(left)
            return
        text = self.tr("The review of {0} was not finished.").format(left.preset.name)
        notice = self._notices.add(f"{text} {say_rest(left.undecided, left.unwritten)}")
        notice.keep()
        notice.setToolTip(str(left.folder))
        offer(notice, self.tr("Go on"), lambda: self._records.read_in(left))
        offer(notice, self.tr("Discard"), lambda: self._records.discard(left))

    def _read(
        self, left: LeftReview, found: dict[int, Found], errors: list[CropsightError]
    ) -> None:
        for error in errors:
            self._notices.add(str(error), Kind.ERROR)
        if found:
            self.wanted.emit(left, found)

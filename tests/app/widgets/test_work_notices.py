"""Notices of work: progress until its end, failures that are counted, one question at closing."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from app.widgets.notices import NoticeStack, Severity
from app.widgets.work_notices import WorkNotices


@pytest.fixture
def stack(qtbot: Any) -> NoticeStack:
    window = QWidget()
    qtbot.addWidget(window)
    return NoticeStack(window)


@pytest.fixture
def told(stack: NoticeStack) -> WorkNotices:
    return WorkNotices(stack, stack)


def texts(stack: NoticeStack) -> list[str]:
    return [notice.text for notice in stack.notices]


def test_progress_is_shown_until_the_end_and_can_be_cancelled(
    stack: NoticeStack, told: WorkNotices
) -> None:
    cancelled: list[bool] = []
    told.begin("Exporting …", lambda: cancelled.append(True))
    told.show_progress("Exporting 2 of 9", 1, 9)
    assert texts(stack) == ["Exporting 2 of 9"]
    stack.notices[0].findChildren(QPushButton)[-1].click()
    told.end(0)
    assert cancelled == [True]
    assert texts(stack) == []


def test_a_progress_notice_that_is_closed_stays_closed(
    stack: NoticeStack, told: WorkNotices
) -> None:
    told.begin("Exporting …", lambda: None)
    stack.notices[0].close_notice()
    told.show_progress("Exporting 2 of 9", 1, 9)
    told.end(0)
    assert texts(stack) == []


def test_many_failures_are_counted_and_the_next_work_begins_anew(
    stack: NoticeStack, told: WorkNotices
) -> None:
    for work in ("a", "b"):
        for n in range(5):
            told.fail(f"{work}{n}.jpg is damaged.")
        told.end(0)
        (notice,) = stack.notices
        assert notice.text == f"{work}0.jpg is damaged. 4 more like it."
        assert notice.details is not None
        assert notice.details.text.split("\n") == [f"{work}{n}.jpg is damaged." for n in range(5)]
        assert notice.kind is Severity.ERROR
        stack.clear()


def test_failures_are_past_once_a_work_had_none(stack: NoticeStack, told: WorkNotices) -> None:
    told.fail("a.jpg is damaged.")
    told.end(3)
    assert texts(stack) == ["a.jpg is damaged."]
    told.end(3)
    assert texts(stack) == []


def test_the_window_is_held_once_and_again_when_the_question_was_closed(
    stack: NoticeStack, told: WorkNotices
) -> None:
    assert told.holds_close("Exporting 2 more files.")
    told.renew_question("Exporting 1 more file.")
    assert texts(stack) == ["Exporting 1 more file."]
    assert not told.holds_close("Exporting 1 more file.")
    stack.notices[0].close_notice()
    assert told.holds_close("Exporting 1 more file.")
    told.close_question()
    assert texts(stack) == []

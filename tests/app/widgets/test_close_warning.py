"""The notice that holds the first attempt to close."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets.close_warning import CloseWarning
from app.widgets.notices import NoticeStack


@pytest.fixture
def notices(qtbot: QtBot) -> NoticeStack:
    over = QWidget()
    over.resize(600, 400)
    qtbot.addWidget(over)
    over.show()
    return NoticeStack(over)


def texts(notices: NoticeStack) -> list[str]:
    return [notice.text for notice in notices.notices]


def test_the_first_attempt_is_held_and_the_second_is_not(notices: NoticeStack) -> None:
    warning = CloseWarning(notices, notices)
    assert warning.holds_close("2 files are left")
    assert texts(notices) == ["2 files are left"]
    assert not warning.holds_close("2 files are left")
    assert len(notices.notices) == 1


def test_once_the_notice_is_closed_the_next_attempt_is_held_again(notices: NoticeStack) -> None:
    warning = CloseWarning(notices, notices)
    warning.holds_close("2 files are left")
    notices.notices[0].close_notice()
    warning.set_text("1 file is left")
    assert texts(notices) == []
    assert warning.holds_close("1 file is left")


def test_it_follows_the_work_and_goes_with_it(notices: NoticeStack) -> None:
    warning = CloseWarning(notices, notices)
    warning.withdraw()
    warning.holds_close("2 files are left")
    warning.set_text("1 file is left")
    assert texts(notices) == ["1 file is left"]
    warning.withdraw()
    assert texts(notices) == []

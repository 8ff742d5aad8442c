"""What the window offers while a review is shown: the preset has settled the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from app.shell.main_window import MainWindow

_SETTLED = ("swap", "lock", "free", "circle", "original", "ratio", "also")
_OTHER_CROPS = (
    "new_crop", "next_crop", "remove_crop",
    "copy_crop", "paste_crop", "paste_settings", "best_for_each",
)  # fmt: skip
_OTHER_EXPORTS = ("export_with", "export_candidates", "export_photos")


def limit(window: MainWindow, in_review: bool, can_go_back: bool) -> None:
    """Switch off what the preset has settled, and say what some actions do instead.

    Outside a review the window itself switches on what the shown photo allows.
    """
    act = window.act
    write, leave = _tr("Write accepted"), _tr("Leave review")
    act["export"].setText(write if in_review else _tr("Export"))
    act["close"].setText(leave if in_review else _tr("Close photo"))
    act["review"].setText(leave if in_review else _tr("Back to review"))
    act["review"].setEnabled(in_review or can_go_back)
    window.aspect.setToolTip(_tr("The preset has settled the aspect.") if in_review else "")
    window.crops_panel.setEnabled(not in_review)
    if in_review:
        for name in (*_SETTLED, *_OTHER_CROPS, *_OTHER_EXPORTS):
            act[name].setEnabled(False)
        window.aspect.setEnabled(False)
        window.also.setEnabled(False)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)

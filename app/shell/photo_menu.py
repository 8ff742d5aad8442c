"""Context menu of the filmstrip and the contact sheet: what can be done with the selected photos."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.actions import Actions

_GROUPS = (
    ("contact_sheet",),
    ("accept_selected", "star", "reject"),
    ("copy_crop", "paste_crop", "paste_settings", "best_for_each"),
    ("unfold_stack", "stack_alike"),
    ("export_with",),
    ("reveal", "open_elsewhere", "choose_program"),
    ("close",),
)


class PhotoMenu(QMenu):
    """The window's own actions, so that keys, names and what is possible are those of the menu bar."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        for group in _GROUPS:
            for name in group:
                self.addAction(actions[name])
            self.addSeparator()

    def show_at(self, place: QPoint) -> None:
        """Open at a place of the screen."""
        self.popup(place)

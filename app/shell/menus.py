"""Menus of the main window beyond the table of actions: recent files and theme."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import plurals
from app.settings import Settings
from app.style import theme
from app.widgets.controls import plain_tip

_PATH_WIDTH = 360


_ON_CANVAS: tuple[tuple[str, ...], ...] = (
    ("swap", "lock", "free", "circle", "original", "reset"),
    ("copy_crop", "copy_picture", "paste_crop", "paste_by_subject"),
    ("straighten", "zoom_crop", "fit", "guides"),
    ("star", "reject", "export"),
)


def canvas_menu(actions: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """What a right click on the photo offers."""
    menu = QMenu(parent)
    for group in _ON_CANVAS:
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addActions([actions[name] for name in group])
    return menu


class RecentMenu(QMenu):
    """Lists the folders and the files opened lately, anew whenever it opens.

    Signals: ``chosen`` (Path).
    """

    chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open recent"))
        self._settings = settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for path, count in self._settings.recent_folders:
            where = self.fontMetrics().elidedText(
                str(path), Qt.TextElideMode.ElideMiddle, _PATH_WIDTH
            )
            self._add(path, f"{where}\t{plurals.photos(count)}")
        if not self.isEmpty() and self._settings.recent:
            self.addSeparator()
        for path in self._settings.recent:
            self._add(path, path.name)
        if self.isEmpty():
            self.addAction(self.tr("Nothing opened yet")).setEnabled(False)
            return
        self.addSeparator()
        clear = self.addAction(self.tr("Clear the list"))
        clear.triggered.connect(lambda _=False: self._settings.clear_recent())

    def _add(self, path: Path, text: str) -> None:
        # An ampersand in a name is no mnemonic.
        action = self.addAction(text.replace("&", "&&"))
        action.setToolTip(plain_tip(str(path)))
        action.triggered.connect(lambda _=False: self.chosen.emit(path))


class ThemeMenu(QMenu):
    """Chooses among dark, light and the system's own.

    Signals: ``chosen`` (theme.Mode).
    """

    chosen = Signal(theme.Mode)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Theme"))
        self._settings = settings
        self._actions: dict[theme.Mode, QAction] = {}
        group = QActionGroup(self)
        for mode, text in (
            (theme.Mode.SYSTEM, self.tr("Like the system")),
            (theme.Mode.DARK, self.tr("Dark")),
            (theme.Mode.LIGHT, self.tr("Light")),
        ):
            action = QAction(text, self, checkable=True)
            action.triggered.connect(lambda _=False, m=mode: self.chosen.emit(m))
            group.addAction(action)
            self.addAction(action)
            self._actions[mode] = action
        self.aboutToShow.connect(self._check)
        self._check()

    def _check(self) -> None:
        self._actions[self._settings.mode].setChecked(True)


def extend_view_menu(view: QMenu, film_menus: tuple[QMenu, QMenu], theme_menu: ThemeMenu) -> None:
    """Add sorting and filtering of the filmstrip, and the theme, to the View menu."""
    view.addSeparator()
    for film_menu in film_menus:
        view.addMenu(film_menu)
    view.addSeparator()
    view.addMenu(theme_menu)

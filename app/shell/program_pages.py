"""Opens the preferences, about and shortcuts pages and applies what they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QLocale, QObject, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from app.actions import Actions
from app.editor.editor import Editor
from app.i18n.languages import languages
from app.photos.thumbnail_cache import bytes_kept, cache_folder, clear
from app.runtime.background import BackgroundWorker
from app.runtime.uncaught_errors import UncaughtError
from app.runtime.workers import StopOrder
from app.settings import Settings
from app.style import motion
from app.widgets.notices import NoticeStack, Severity
from app.widgets.overlay_page import OverlayPage
from cropcore.files.user_dirs import log_dir
from cropcore.sidecar.store import default_library

if TYPE_CHECKING:
    from app.shell.about_page import AboutPage
    from app.shell.licences import Component
    from app.shell.preferences_page import PreferencesPage
    from app.shell.shortcuts_page import ShortcutsPage

AnyPage = TypeVar("AnyPage", bound=OverlayPage)


class ProgramPages(QObject):
    """Builds these pages over the window's stage and does what they ask for.

    Signals: ``theme_chosen``, ``guides_changed`` and ``export_options_changed`` (a preference of this
    kind was changed; the settings hold it already).
    """

    theme_chosen = Signal()
    guides_changed = Signal()
    export_options_changed = Signal()

    def __init__(
        self,
        stage: QStackedWidget,
        settings: Settings,
        actions: Actions,
        editor: Editor,
        notices: NoticeStack,
    ) -> None:
        super().__init__(stage)
        self._stage, self._settings = stage, settings
        self._actions, self._editor, self._notices = actions, editor, notices
        self._worker = BackgroundWorker(self, "program pages", StopOrder.READERS)
        self._pages: list[OverlayPage] = []
        motion.set_still(settings.still)
        actions["preferences"].triggered.connect(lambda _=False: self.toggle_preferences())
        actions["about"].triggered.connect(lambda _=False: self.toggle_about())
        actions["keys"].triggered.connect(lambda _=False: self.toggle_keys())

    @cached_property
    def preferences(self) -> PreferencesPage:
        """The page of preferences, built at first use, as every start would have to wait for it."""
        from app.shell.preferences_page import PreferencesPage

        page = PreferencesPage(self._stage, self._settings, languages())
        page.changed.connect(self.follow)
        page.folder_wanted.connect(lambda: _show_folder(default_library()))
        page.reset_wanted.connect(self.reset)
        page.clear_wanted.connect(lambda: self._measure_cache(empty_first=True))
        return self._kept(page)

    @cached_property
    def about(self) -> AboutPage:
        """The page about the program, built at first use."""
        from app.shell.about_page import AboutPage

        page = AboutPage(self._stage)
        page.log_wanted.connect(lambda: _show_folder(log_dir()))
        return self._kept(page)

    @cached_property
    def keys(self) -> ShortcutsPage:
        """The list of keys, built at first use."""
        from app.shell.key_groups import key_groups
        from app.shell.shortcuts_page import ShortcutsPage

        return self._kept(ShortcutsPage(self._stage, key_groups()))

    def toggle_keys(self) -> None:
        """Show the list of keys, or hide it."""
        self._hide_all_but(self.keys)
        self.keys.toggle()

    def toggle_preferences(self) -> None:
        """Show the preferences as they stand now, or hide them."""
        self._hide_all_but(self.preferences)
        self.preferences.show_settings()
        self._show_decisions_folder()
        self.preferences.toggle()
        if self.preferences.isVisible():
            self._measure_cache(empty_first=False)

    def toggle_about(self) -> None:
        """Show what the program is made of, or hide it; read on first sight."""
        self._hide_all_but(self.about)
        self.about.toggle()
        if self.about.isVisible() and not self.about.components:
            read = partial(_read_components, self._about_this_run())
            self._worker.submit(read, lambda found: self.about.show_components(*found))

    def close_one(self) -> bool:
        """Close the page that is open; False where none is."""
        for page in self._pages:
            if page.isVisible():
                page.hide()
                return True
        return False

    def follow(self, setting: str) -> None:
        """A preference changed: what can hold at once does."""
        settings = self._settings
        effects: dict[str, Callable[[], object]] = {
            "theme": self.theme_chosen.emit,
            "still": lambda: motion.set_still(settings.still),
            "guide": self.guides_changed.emit,
            "guides_always": self.guides_changed.emit,
            "sidecars_beside": self._show_decisions_folder,
            "export_folder": self.export_options_changed.emit,
            "metadata": self.export_options_changed.emit,
        }
        if setting in effects:
            effects[setting]()

    def reset(self) -> None:
        """All preferences as they were at first."""
        self._settings.reset_preferences()
        for setting in ("theme", "still", "guide", "sidecars_beside", "metadata"):
            self.follow(setting)
        self.preferences.show_settings()

    def show_failure(self, failure: UncaughtError) -> None:
        """Tell an error that nobody expected, quietly, with all that helps to mend it."""
        from app.shell.licences import system_details

        details = f"{failure.details}\n\n{system_details(**self._about_this_run())}"
        text = self.tr("Something did not work: {0}. You can go on.").format(
            failure.summary.rstrip(".")
        )
        self._notices.add(text, Severity.ERROR, details)

    def _kept(self, page: AnyPage) -> AnyPage:
        page.shown.connect(lambda on: None if on else self._give_keys_back())
        self._pages.append(page)
        return page

    def _hide_all_but(self, page: OverlayPage) -> None:
        for other in self._pages:
            if other is not page:
                other.hide()

    def _give_keys_back(self) -> None:
        """To the canvas, or to the page that stands in its place."""
        if (shown := self._stage.currentWidget()) is not None:
            shown.setFocus()

    def _about_this_run(self) -> dict[str, str]:
        screen, facts = self._stage.screen(), self._editor.suggester.facts
        return {
            "Qt": f"{qVersion()} ({QGuiApplication.platformName()})",
            "Screen": f"{screen.size().width()} x {screen.size().height()}"
            f" at {screen.devicePixelRatio():g}",
            "Engine": facts.device if facts is not None else "not loaded",
        }

    def _measure_cache(self, empty_first: bool) -> None:
        self._worker.submit(partial(_bytes_in_cache, empty_first), self._show_cache)

    def _show_cache(self, size: int) -> None:
        self.preferences.show_cache(QLocale().formattedDataSize(size))

    def _show_decisions_folder(self) -> None:
        beside = self._settings.sidecars_beside
        self.preferences.show_decisions_folder(None if beside else default_library())


def _read_components(more: dict[str, str]) -> tuple[tuple[Component, ...], str]:
    from app.shell.licences import components, system_details

    return components(), system_details(**more)


def _bytes_in_cache(empty_first: bool) -> int:
    """Not for the GUI thread: a cache of thousands of files takes a while to look through."""
    folder = cache_folder()
    if empty_first:
        clear(folder)
    return bytes_kept(folder)


def _show_folder(folder: Path) -> None:
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

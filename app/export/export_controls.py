"""Controller of the export button and of the page of export options."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.actions import Actions
from app.document.nested_crops import nested_aspects
from app.editor.editor import Editor
from app.export.export_button import ExportButton
from app.export.exporter import Exporter
from app.export.foreign_exporter import ForeignExporter
from app.filmstrip.filmstrip import Filmstrip
from app.i18n import plurals
from app.settings import Settings
from app.widgets.side_panel import SidePanel
from cropcore.export.options import ExportOptions
from cropcore.geometry.crop import Suggestions
from cropcore.interop.foreign_options import ForeignOptions

if TYPE_CHECKING:
    from app.export.export_panel import ExportPanel

_WAYS = (
    "export_with", "export_nested", "export_candidates", "export_photos", "export_foreign", "show_folder",
)  # fmt: skip


class ExportControls(QObject):
    """Keeps the button up to date with the crop in hand, or with the page while that is open.

    Signals: ``options_changed``, ``focus_released`` (the keys belong to the canvas again).
    """

    options_changed = Signal()
    focus_released = Signal()

    def __init__(
        self,
        editor: Editor,
        settings: Settings,
        exporter: Exporter,
        foreign_exporter: ForeignExporter,
        actions: Actions,
        film: Filmstrip,
        side: SidePanel,
    ) -> None:
        super().__init__(side)
        self._editor, self._settings = editor, settings
        self._exporter, self._actions = exporter, actions
        self._foreign_exporter = foreign_exporter
        self._film, self._side = film, side
        self._review_text = ""
        self.button = ExportButton([actions[name] for name in _WAYS])
        side.set_foot(self.button)
        film.selection_changed.connect(self.show_selection)
        exporter.finished.connect(lambda _: self.show_crop())  # names are taken now
        # Whoever brings up another page in its place closes it, and the button does something else.
        side.pages.currentChanged.connect(lambda _: self.show_text())

    @cached_property
    def panel(self) -> ExportPanel:
        """The page, built at first use, as every start would have to wait for it."""
        from app.export.export_panel import ExportPanel

        panel = ExportPanel(self._settings.export)
        self._side.add_page(panel)
        panel.foreign.set_options(self._settings.foreign)
        panel.changed.connect(self._remember)
        panel.foreign.changed.connect(self._remember_foreign)
        panel.scope_changed.connect(self.show_text)
        panel.focus_released.connect(self.focus_released)
        panel.closed.connect(lambda: self.show(False))
        panel.set_nested(self._has_nested)
        panel.set_selected(len(self._film.selected()))
        return panel

    @property
    def is_shown(self) -> bool:
        """Whether the page lies in the side panel now."""
        return self._is_built and self._side.pages.currentWidget() is self.panel

    def show(self, on: bool) -> None:
        """Open or close the page."""
        if on:
            self._side.pages.setCurrentWidget(self.panel)
            self.show_crop()
            self.panel.scope_box.setFocus()
        elif self.is_shown:
            self._side.show_edit()
        self.show_text()

    def show_foreign(self) -> None:
        """Open the page with what is written for other editors."""
        self.show(True)
        self.panel.foreign.choose_foreign()
        if len(self._film.selected()) > 1:
            self.panel.choose_scope("selected")

    def show_crop(self) -> None:
        """The crop in hand, in the page's examples."""
        photo = self._editor.photo
        if photo is None or not self.is_shown:
            return
        count = len(self._editor.document.photos)
        if photo.photo is not None:
            self.panel.show_photo(photo.photo, self._editor.crop, photo.edit.aspect, count)

    def show_nested(self) -> None:
        """What of the export needs crops that are cut later."""
        self._actions["export_nested"].setEnabled(self._has_nested)
        if self._is_built:
            self.panel.set_nested(self._has_nested)

    def show_selection(self) -> None:
        """Other photos are selected."""
        if self._is_built:
            self.panel.set_selected(len(self._film.selected()))
            self.show_text()

    def show_options(self) -> None:
        """The settings were changed elsewhere."""
        if self._is_built:
            self.panel.set_options(self._settings.export)
            self.panel.foreign.set_options(self._settings.foreign)

    def show_review(self, text: str) -> None:
        """What the button does while a review is shown, in words; empty outside a review."""
        self._review_text = text
        self.show_text()

    def show_text(self) -> None:
        """What the button will do."""
        text = self._of_page() if self.is_shown else self._of_crop()
        self.button.set_text(self._review_text or text)

    def export(self, painted: Suggestions | None) -> None:
        """Do what the button says, outside a review; ``painted`` are the candidates shown."""
        panel = self.panel if self.is_shown else None
        if panel is not None and panel.foreign.is_foreign:
            self._foreign_exporter.export(panel.scope, self._film.selected())
        elif panel is not None:
            self._exporter.export(panel.scope, panel.aspects, painted, self._film.selected())
        else:
            self._exporter.export_crop()

    @property
    def _is_built(self) -> bool:
        return "panel" in self.__dict__

    @property
    def _has_nested(self) -> bool:
        photo = self._editor.photo
        return photo is not None and bool(photo.edit.also)

    def _remember(self, options: ExportOptions) -> None:
        self._settings.export = options
        self.options_changed.emit()

    def _remember_foreign(self, options: ForeignOptions) -> None:
        self._settings.foreign = options

    def _of_crop(self) -> str:
        photo = self._editor.photo
        if photo is None:
            return self.tr("Export")
        shape = photo.edit.aspect
        name = {"free": self.tr("free crop"), "original": self.tr("original ratio")}
        return self.tr("Export {0}").format(name.get(shape.kind, shape))

    def _of_page(self) -> str:
        photo, scope, aspects = self._editor.photo, self.panel.scope, self.panel.aspects
        many = {"selected": self._film.selected(), "photos": self._editor.document.photos}
        if self.panel.foreign.is_foreign:
            count = self._foreign_exporter.count(many.get(scope))
            copies = self.panel.foreign.options.kind == "copies"
            return plurals.write_copies(count) if copies else plurals.write_sidecars(count)
        if scope == "candidates":
            return self.tr("Export all candidates")
        if scope == "nested" and photo is not None:
            return plurals.export_files(1 + len(nested_aspects(photo)))
        if scope == "crops":
            return self.tr("Export all crops")
        if scope in many or aspects:
            return plurals.export_files(self._exporter.count(many.get(scope), aspects))
        return self._of_crop()

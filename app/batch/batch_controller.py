"""Controller of the batch page: looks up photos and file names behind it, and starts batches from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.batch.batch_order import BatchOrder
from app.batch.batch_preview import BatchPreview, FileNamesPreview, PhotoListPreview
from app.batch.preset_editing import PresetEditing
from app.batch.running_batch import RunningBatch
from app.document.document import Edit
from app.document.edit_crops import own_crops
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.filmstrip.filmstrip import Filmstrip
from app.i18n import plurals
from app.runtime.background import single_shot
from app.runtime.workers import StopOrder, register_worker
from app.settings import Settings
from cropcore.batch.prior_edits import PriorEdits
from cropcore.files.export_folder import export_folder
from cropcore.files.package_data import shipped_folder
from cropcore.files.photo_scan import EXPORT_FOLDER
from cropcore.geometry.orientation import UPRIGHT

if TYPE_CHECKING:
    from app.batch.page import BatchPage

_FIRST = "instagram-4x5.json"
"""The preset that a person sees first."""

_REST_MS = 120
_SAID_MS = 6000


class BatchController(QObject):
    """Opens the page and keeps it up to date while it is on the screen."""

    def __init__(
        self,
        editor: Editor,
        running_batch: RunningBatch,
        settings: Settings,
        film: Filmstrip,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        register_worker(self, "batch page", StopOrder.JOBS)
        self._window = window
        self._editor = editor
        self._running_batch = running_batch
        self._settings = settings
        self._film = film
        self._presets = PresetEditing(self)
        self._preview = BatchPreview(self)
        self._prior_edits: dict[Path, PriorEdits] = {}
        self._found = PhotoListPreview()
        self._gathering = False
        self._said = ""
        self.page: BatchPage | None = None
        self._pattern = ""
        self._rest = single_shot(self, _REST_MS, self._ask_names)
        self._said_timer = QTimer(self)
        self._said_timer.setSingleShot(True)
        self._said_timer.timeout.connect(lambda: self._say(""))
        self._presets.listed.connect(self._show_state)
        self._presets.told.connect(self._say)
        self._preview.gathered.connect(self._gathered)
        self._preview.named.connect(self._named)
        editor.suggester.engine_changed.connect(self._show_methods)
        editor.document.photos_changed.connect(self._photos_changed)
        film.selection_changed.connect(self._photos_changed)
        running_batch.running_changed.connect(lambda _: self._rest.start())
        running_batch.running_changed.connect(lambda _: self._show_state())

    def show(self) -> None:
        """Open the page, or bring it to the front."""
        if self.page is None:
            self.page = self._built()
            self._presets.look(self._settings.batch_preset or shipped_folder() / _FIRST)
        else:
            self._presets.look()
        self._show_methods()
        if self._pattern:
            self.page.finding.offer_pattern(self._pattern)
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()
        self.page.presets.list.setFocus()
        self._photos_changed()

    def offer_pattern(self, method: str) -> None:
        """From now on the page offers to crop like a copied crop; ``method`` is its pattern."""
        self._pattern = method

    def stop(self) -> None:
        """Take the page from the screen."""
        if self.page is not None:
            self.page.hide()

    @property
    def order(self) -> BatchOrder | None:
        """What Start would begin; None while something stands in the way.

        What was done to the photos is as the page knew it when it was looked at last.
        """
        page, out = self.page, self._out()
        preset = page.preset if page is not None else None
        if page is None or preset is None or out is None or page.wrong or not self._found.photos:
            return None
        state = page.state
        photos, prior_edits = self._found.photos, self._prior_edits
        return BatchOrder(preset, photos, out, state.report, state.review, prior_edits)

    def _built(self) -> BatchPage:
        # Nobody should wait for these modules at the start.
        from app.batch.page import BatchPage

        page = BatchPage(self._window)
        state = self._settings.batch
        page.photos.restore(state)
        page.out.restore(state)
        page.finished.connect(lambda _: self._window.activateWindow())
        page.photos_changed.connect(self._photos_changed)
        self._presets.connect_page(page)
        page.preset_changed.connect(self._rest.start)
        page.preset_changed.connect(self._show_state)
        page.started.connect(self._start)
        return page

    # Photos and names ------------------------------------------------------------------------

    def _photos_changed(self) -> None:
        page = self.page
        if page is None or not page.isVisible():
            return
        opened, selected = self._open_photos(), self._selected_photos()
        page.photos.show_counts(len(opened), len(selected))
        paths = self._paths(opened, selected)
        self._look_at_edits()
        self._gathering = True
        self._preview.gather(paths, self._out() or Path(), self._settings.pair_raw)
        if not paths:
            self._found = PhotoListPreview()
        page.photos.show_found(self.tr("Looking …") if paths else self._lack(), False)
        self._show_state()

    def _look_at_edits(self) -> None:
        """What the person did to the photos; those of a folder are taken as they are."""
        assert self.page is not None
        source = self.page.photos.source.currentData()
        taken = {"open": self._open_photos, "selected": self._selected_photos}.get(source)
        photos = taken() if taken else []
        self._prior_edits = {p.path: _prior_edits(p.edit) for p in photos if _is_touched(p.edit)}

    def _open_photos(self) -> list[OpenPhoto]:
        """The person's photos, without what is rejected or cannot be read."""
        return [p for p in self._editor.document.own.photos if _is_wanted(p)]

    def _selected_photos(self) -> list[OpenPhoto]:
        own = self._editor.document.own
        return [p for p in self._film.selected() if _is_wanted(p) and own.find(p.key) is p]

    def _paths(self, opened: list[OpenPhoto], selected: list[OpenPhoto]) -> list[Path]:
        assert self.page is not None
        source, folder = self.page.photos.source.currentData(), self.page.photos.folder
        if source == "folder":
            return [folder] if folder is not None else []
        return [photo.path for photo in (selected if source == "selected" else opened)]

    def _lack(self) -> str:
        assert self.page is not None
        return {
            "open": self.tr("Open some photos, or choose a folder."),
            "selected": self.tr("Select photos in the filmstrip."),
            "folder": self.tr("Choose a folder."),
        }[str(self.page.photos.source.currentData())]

    def _out(self) -> Path | None:
        """Where the files go."""
        page = self.page
        if page is None:
            return None
        if page.out.chosen is not None:
            return page.out.chosen
        if page.photos.source.currentData() == "folder":
            return page.photos.folder / EXPORT_FOLDER if page.photos.folder else None
        paths = self._paths(self._open_photos(), self._selected_photos())
        return export_folder(paths[0]) if paths else None

    def _gathered(self, found: PhotoListPreview) -> None:
        page = self.page
        self._gathering = False
        if page is None:
            return
        self._found = found
        folder = page.photos.source.currentData() == "folder"
        wrong_out = found.wrong if folder and page.out.chosen is not None else ""
        page.out.show_folder(self._out(), wrong_out)
        if found.photos:
            say = plurals.photos_in_folders if folder else plurals.photos
            text = say(len(found.photos))
            if found.left_out:
                text += "; " + plurals.left_out(found.left_out)
            if found.raw_left_out:
                text += "; " + plurals.raw_left_out(found.raw_left_out)
            page.photos.show_found(text, False)
        elif found.wrong:
            page.photos.show_found("" if wrong_out else found.wrong, True)
        elif folder and page.photos.folder is not None:
            page.photos.show_found(self.tr("There are no photos in this folder."), True)
        else:
            page.photos.show_found(self._lack(), False)
        self._ask_names()
        self._show_state()

    def _ask_names(self) -> None:
        page, out = self.page, self._out()
        preset = page.preset if page is not None else None
        if preset is not None and out is not None and self._found.photos:
            self._preview.name(preset, self._found.photos, out, self._prior_edits)
        elif page is not None:
            page.files.show_names(FileNamesPreview())

    def _named(self, names: FileNamesPreview) -> None:
        if self.page is not None:
            self.page.files.show_names(names)

    # The state of the page -------------------------------------------------------------------

    def _show_methods(self) -> None:
        facts = self._editor.suggester.facts
        if self.page is not None and facts is not None:
            self.page.finding.set_methods(facts.methods)
        self._show_state()

    def _say(self, text: str) -> None:
        self._said = text
        if text:
            self._said_timer.start(_SAID_MS)
        self._show_state()

    def _show_state(self) -> None:
        page = self.page
        if page is None:
            return
        self._presets.show_state()
        order = self.order
        can_start = order is not None and not (
            self._running_batch.is_running or self._gathering or self._editor.suggester.engine_lost
        )
        page.show_state(self._said or self._note(page, order), can_start)

    def _note(self, page: BatchPage, order: BatchOrder | None) -> str:
        if self._editor.suggester.engine_lost:
            return self.tr("A batch needs the engine, which could not be loaded.")
        if page.wrong:
            return page.wrong
        if order is None:
            return "" if self._gathering else page.photos.count.text()
        jobs = len(order.photos) * len(order.preset.aspects)
        files = jobs * order.preset.k
        if self._running_batch.is_running:
            return self.tr("Another batch is at work; this one can start after it.")
        told = plurals.photos(len(order.photos))
        if order.review:
            return told + "; " + self.tr("crops are found, and nothing is written yet")
        return f"{told}, {plurals.files(files)}"

    def _start(self) -> None:
        if self.page is not None:
            self._look_at_edits()
        order, page = self.order, self.page
        if order is None or page is None or not self._running_batch.start(order):
            return
        self._settings.batch = page.state
        if (preset := page.presets.current) is not None:
            self._settings.batch_preset = preset.path
        page.hide()
        self._window.activateWindow()


def _prior_edits(edit: Edit) -> PriorEdits:
    """What a batch honours of an edit: how the photo lies, and the person's own crops."""
    crops = tuple((kept.aspect, kept.crop) for kept in own_crops(edit))
    return PriorEdits(edit.orientation, edit.crop.angle, crops)


def _is_touched(edit: Edit) -> bool:
    """Whether a batch could honour anything of an edit; asked of thousands at once."""
    return bool(edit.orientation != UPRIGHT or edit.crop.angle or own_crops(edit))


def _is_wanted(photo: OpenPhoto) -> bool:
    """Rejected photos, and files that cannot be read, are left out."""
    return not photo.edit.rejected and not photo.failure

"""The main window's parts, and how they show what the document and the engine say."""

from __future__ import annotations

from PySide6.QtGui import (
    QImage,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import counted
from app.actions import Actions
from app.batch_desk import BatchDesk
from app.batching import Batching, batch_records
from app.canvas.view import CropView, ViewMode
from app.copying import Copying
from app.crop_words import say_crop
from app.crops import Crops
from app.document import Document
from app.editor import Editor
from app.engine_thread import EngineThread
from app.engine_words import said
from app.exporting import Exporting
from app.flags import Flagging
from app.insight import Insight
from app.keeping import Keeping
from app.layout import SidePanel, StatusBar, ToolBar
from app.lost_photos import LostPhotos
from app.method_words import VALIDITY_METHOD, method_words, validity_of
from app.nested import wanted
from app.nesting import Nesting
from app.opening import Opening
from app.ownership import Owner
from app.panels.also import AlsoPanel
from app.panels.aspect import AspectPanel
from app.panels.candidates import CandidateStrip
from app.panels.controls import Section
from app.panels.crops import CropsPanel
from app.panels.details import MethodPanel, NumbersPanel, ProtectPanel
from app.panels.empty import DropVeil, EmptyPage
from app.panels.export import ExportPanel
from app.panels.export_button import ExportButton
from app.panels.filmstrip import Filmstrip
from app.panels.keys import KeyList
from app.panels.notices import NoticeStack
from app.panels.straighten import StraightenPanel
from app.panels.view import GuidesPanel, MapsPanel
from app.preparing import Preparing
from app.refit import pixels
from app.review_records import review_records
from app.reviewing import Reviewing
from app.session import Session
from app.settings import Settings
from app.straightening import Straightening
from app.suggesting import AREA
from app.thumbnails import ThumbnailMaker
from app.watching import Watching


class WindowFrame(QMainWindow):
    """Everything that is seen; what the person does with it is :class:`app.window.MainWindow`'s.

    ``engine`` is a thread that is not running yet.
    """

    def __init__(self, settings: Settings, engine: EngineThread) -> None:
        super().__init__()
        self.settings = settings
        self.engine = engine
        self.document = Document(self)
        self.editor = Editor(self.document, engine, self)
        self.opening = Opening(self.document, self.editor, settings, self)
        self.thumbnails = ThumbnailMaker(self)
        self._thumbnail_set = 0
        self._hinted = False
        self.candidates_wanted = True
        self.setMinimumSize(960, 600)
        self._build()

    def set_mode(self, mode: ViewMode) -> None:
        """Edit, before, result or masked."""
        self.canvas.set_view_mode(mode)
        self.editor.set_masked(mode is ViewMode.MASKED)
        self.act["before"].setChecked(mode is ViewMode.BEFORE)
        self.act["result"].setChecked(mode is ViewMode.RESULT)
        self.act["masked"].setChecked(mode is ViewMode.MASKED)

    # What is shown ---------------------------------------------------------------------------

    def show_photo(self) -> None:
        """Another photo is the current one, or none."""
        current = self.document.current
        self.stage.setCurrentWidget(self.canvas if current else self.empty)
        self.strip.setVisible(current is not None)
        self.strip.forget_pictures()
        if current is None or current.preview is None:
            # The picture of the photo before must not take a drag that would land on this one.
            self.canvas.set_photo(None, 0, 0)
        if current is None:
            self.empty.setFocus()
        self.set_mode(ViewMode.EDIT)
        self.protect.mark.setChecked(False)
        self.canvas.set_candidates_visible(self.candidates_wanted)
        self.act.enable(current is not None)
        self.show_nested_ways()
        self.show_offered()
        for widget in (self.aspect, self.also, self.protect, self.numbers, self.export_button):
            widget.setEnabled(current is not None)
        self.setWindowTitle(f"{current.path.name} – Cropsight" if current else "Cropsight")
        self.toolbar.name.set_full_text(current.path.name if current else "")
        self.show_count()
        self.show_edit()
        if current and not (self.aspect.field.hasFocus() or self.film.view.hasFocus()):
            self.canvas.setFocus()

    def show_picture(self, image: QImage) -> None:
        """The first picture of the current photo: it can be edited from now on."""
        photo = self.editor.photo
        if photo is not None:
            self.canvas.set_photo(image, photo.width, photo.height, photo.edit.orientation)
            self.show_edit()
            self.show_candidates(at_once=True)
            # The strip may show them already, but another picture cleared the canvas.
            self.paint_candidates()
            self.show_map()
            self.insight.photo_shown()

    def show_edit(self) -> None:
        """Everything that follows the edit of the current photo."""
        photo = self.editor.photo
        self.show_export_text()
        self.show_size()
        if photo is None:
            self.show_live()
            return
        edit, wide, high = photo.edit, photo.width, photo.height
        if photo.preview is not None:
            self.canvas.set_turn(edit.orientation, wide, high)
            self.canvas.set_ratio_lock(edit.aspect.ratio_for(wide, high))
            self.canvas.set_circle(edit.aspect.is_circle)
            self.canvas.set_crop(edit.crop, edit.owner)
            self.canvas.set_protected(edit.protect)
        self.aspect.show_tightness(edit.tightness)
        self.show_method(edit.method)
        self.protect.show_count(len(edit.protect))
        self.act["star"].setChecked(edit.starred)
        self.act["reject"].setChecked(edit.rejected)
        self.show_live()

    def show_live(self) -> None:
        """What follows the crop in hand, also while it is dragged."""
        photo, crop = self.editor.photo, self.editor.crop
        self.canvas.set_label(self.editor.label())
        self._show_status()
        if photo is None:
            return
        edit, wide, high = photo.edit, photo.width, photo.height
        self.aspect.show_aspect(edit.aspect, crop, wide, high)
        self.numbers.show_crop(crop, edit.aspect, wide, high)
        self._show_validity()
        self.strip.show_crop(crop)
        if self.side.shows_export:
            self._show_on_export_page()

    def _show_validity(self) -> None:
        photo = self.editor.photo
        found = photo.current_suggestions if photo is not None else None
        held = (
            next((c for c in found.candidates if c.crop == self.editor.crop), None)
            if found
            else None
        )
        has_validity = found is not None and found.method == VALIDITY_METHOD
        self.numbers.show_validity(has_validity, validity_of(found, held))

    def show_candidates(self, at_once: bool = False) -> None:
        """The strip and, through it, the canvas."""
        photo = self.editor.photo
        fresh = at_once or photo is None or photo.suggestions is None
        found = photo.suggestions if photo else None
        size = (photo.width, photo.height) if photo else (1, 1)
        self.strip.set_suggestions(found, at_once=fresh, size=size)
        if photo is None:
            self.strip.set_message("")
        elif self.editor.engine_lost:
            self.strip.set_message(self.tr("No suggestions without the engine."))
        elif self.editor.facts is None:
            self.strip.set_message(self.tr("Suggestions appear here once the engine is loaded."))
        elif photo.answered == photo.edit.question:
            self.strip.set_message(self.tr("No suggestions for this photo."))
        else:
            self.strip.set_message(self.tr("Looking for crops …"))
        self._show_status()

    def paint_candidates(self) -> None:
        """The strip was painted anew: the canvas shows the same, and pictures are wanted."""
        painted, photo = self.strip.painted, self.editor.photo
        candidates = painted.candidates[:10] if painted else ()
        self.canvas.set_candidates(candidates)
        if photo is not None and photo.preview is not None and candidates:
            self._thumbnail_set = self.thumbnails.make(
                photo.preview,
                [c.crop for c in candidates],
                self.strip.picture_size,
                photo.edit.orientation,
            )

    def show_thumbnail(self, number: int, place: int, image: QImage) -> None:
        """One picture of the strip is ready."""
        if number == self._thumbnail_set:
            self.strip.show_picture(place, image)

    def show_map(self) -> None:
        """The map over the photo, and what the panel says about it."""
        shown = self.editor.map
        self.canvas.set_map(shown, self.maps.opacity_value)
        self.canvas.set_area(self.editor.area)
        self.maps.show_map(shown)

    def show_engine(self) -> None:
        """What can be asked of the engine."""
        facts = self.editor.facts
        if facts is not None:
            self.maps.set_names(facts.map_names)
            self.method.set_methods(facts.methods)
            self.show_edit()
            self.show_offered()
            device = facts.device.replace("CUDA: ", "")
            self.status.engine.setText(self.tr("Engine ready, {0}").format(device))
            self.status.engine.setToolTip(said(facts.note))
        elif self.editor.engine_lost:
            self.status.engine.setText(self.tr("No engine"))
        else:
            self.status.engine.setText(self.tr("Loading engine"))
        self.show_candidates()

    def show_offered(self) -> None:
        """Switch off what the loaded engine does not offer."""
        facts, has_photo = self.editor.facts, self.document.current is not None
        for name in method_words():
            offered = facts is not None and name in facts.methods
            self.act[f"method_{name}"].setEnabled(has_photo and offered)
        self.act["masked"].setEnabled(has_photo and facts is not None and AREA in facts.map_names)

    def show_method(self, method: str) -> None:
        """Who proposes, in the panel and in the menu."""
        self.method.choose(method)
        for name in method_words():
            self.act[f"method_{name}"].setChecked(name == self.method.name)

    def show_size(self) -> None:
        """Zoom and size of the photo, at the right of the status bar."""
        photo = self.editor.photo
        text = ""
        if photo is not None:
            text = f"{self.canvas.zoom * 100:.0f} %     {photo.width} × {photo.height}"
        self.status.photo.setText(text)

    def show_count(self) -> None:
        """Which photo of how many; the filmstrip is for more than one."""
        count = len(self.document.photos)
        shown = self.film.film.rowCount()
        place = self.film.film.row_of(self.document.current) + 1
        self.toolbar.count.setText(f"{place} / {shown}" if count > 1 else "")
        self.film.setVisible(count > 1)
        self.act["export_photos"].setEnabled(count > 1 and self.document.shows_own)

    def show_nested_ways(self) -> None:
        """What of the export needs crops that are cut later."""
        photo = self.editor.photo
        on = photo is not None and bool(photo.edit.also)
        self.act["export_nested"].setEnabled(on)
        self.export_panel.set_nested(on)

    def show_export_text(self) -> None:
        """What the export button will do."""
        photo = self.editor.photo
        scope, aspects = self.export_panel.scope, self.export_panel.aspects
        text = self.tr("Export")
        if self.side.shows_export and scope == "candidates":
            text = self.tr("Export all candidates")
        elif self.side.shows_export and scope == "nested" and photo is not None:
            text = counted.export_files(1 + len(wanted(photo)))
        elif self.side.shows_export and scope == "crops":
            text = self.tr("Export all crops")
        elif self.side.shows_export and (scope == "photos" or aspects):
            files = self.exporting.count(scope == "photos", aspects)
            text = counted.export_files(files)
        elif photo is not None:
            shape = photo.edit.aspect
            name = {"free": self.tr("free crop"), "original": self.tr("original ratio")}
            text = self.tr("Export {0}").format(name.get(shape.kind, shape))
        self.export_button.set_text(self.reviewing.write_text or text)

    def show_export_page(self, on: bool) -> None:
        """Open or close the export options."""
        self.side.show_export(on)
        self.show_export_text()
        if on:
            self._show_on_export_page()
            self.export_panel.scope_box.setFocus()
        else:
            self.canvas.setFocus()

    def _show_on_export_page(self) -> None:
        photo = self.editor.photo
        if photo is None:
            return
        edit = photo.edit
        _, _, wide, high = pixels(self.editor.crop, edit.aspect, photo.width, photo.height)
        self.export_panel.show_photo(
            photo.path.stem, photo.path.suffix, wide, high, edit.aspect, len(self.document.photos)
        )

    def _show_status(self) -> None:
        photo = self.editor.photo
        if photo is not None and photo.edit.owner is Owner.MINE:
            self._hinted = True
        self.status.crop.setText(say_crop(self.editor, hint=not self._hinted))

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.canvas = CropView()
        self.act = Actions(self, self.canvas)
        self.recent = QMenu(self.tr("Open recent"), self)
        self.act.fill(self.menuBar(), self.recent)
        self.menuBar().setFixedHeight(26)
        self.toolbar = ToolBar(self.act, self.recent)
        self.status = StatusBar()
        self.film = Filmstrip(self.document, self.opening.miniatures, self.settings)
        self.strip = CandidateStrip()
        self.empty = EmptyPage(self.act["open"], self.act["samples"])
        self.stage = QStackedWidget()
        self.stage.addWidget(self.empty)
        self.stage.addWidget(self.canvas)
        self.veil = DropVeil(self, self.stage, self.empty)
        self.notices = NoticeStack(self.stage)
        self.key_list = KeyList(self.stage, self.act.key_list())
        self.exporting = Exporting(
            self.document, self.editor, self.engine, self.settings, self.notices, self.opening
        )
        self.flagging = Flagging(self.document, self.film.selected)
        self.preparing = Preparing(self.editor, self.opening, self.engine.ask_ahead, self)
        self.lost = LostPhotos(self.document, self.opening, self.notices, self.film.show_failed)
        self.watching = Watching(self.document, self.opening, self.lost, self.notices)
        self.batching = Batching(
            self.engine, self.notices, batch_records(), self, self.preparing.courtesy
        )
        self.batching.running_changed.connect(self.editor.set_hurried)
        self.batch = BatchDesk(self.editor, self.batching, self.settings, self.film, self)
        self.keeping = Keeping(self.document, self.editor, self.settings, self)
        self.reviewing = Reviewing(
            self.document, self.editor, self.act, self.notices, self.keeping, review_records()
        )
        self.batching.set_review(self.reviewing.keep)
        self._build_side()
        self.insight = Insight(self.editor, self.engine, self.stage, self.side)
        self.crops = Crops(self.editor, self.crops_panel)
        self.copying = Copying(
            self.document, self.editor, self.opening, self.engine, self.notices, self.film.selected
        )
        self.session = Session(self.document, self.opening, self.settings)
        self.nesting = Nesting(self.editor, self.also, self.settings)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.reviewing.bar)
        column.addWidget(self.stage, 1)
        column.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.film)
        row.addWidget(middle, 1)
        row.addWidget(self.side)
        central = QWidget()
        layout = QGridLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar, 0, 0)
        layout.addLayout(row, 1, 0)
        layout.addWidget(self.batching.bar, 2, 0)
        layout.addWidget(self.status, 3, 0)
        layout.setRowStretch(1, 1)
        self.setCentralWidget(central)

    def _build_side(self) -> None:
        self.aspect = AspectPanel()
        self.guides = GuidesPanel()
        self.maps = MapsPanel()
        self.crops_panel = CropsPanel()
        self.also = AlsoPanel()
        self.numbers = NumbersPanel()
        self.method = MethodPanel()
        self.protect = ProtectPanel()
        self.also_section = Section(self.tr("Also for"), self.also)
        self.numbers_section = Section(self.tr("Numbers"), self.numbers)
        self.method_section = Section(self.tr("Method"), self.method)
        self.protect_section = Section(self.tr("Protect"), self.protect)
        turns = [self.act[name] for name in ("turn_left", "turn_right", "flip", "flip_down")]
        self.straighten = StraightenPanel(turns)
        self.straighten_section = Section(self.tr("Straighten"), self.straighten)
        self.straightening = Straightening(self.editor, self.canvas, self.straighten, self)
        self.export_panel = ExportPanel(self.settings.export)
        ways = ("export_with", "export_nested", "export_candidates", "export_photos", "show_folder")
        self.export_button = ExportButton([self.act[name] for name in ways])
        self.side = SidePanel(self.export_panel, self.export_button)
        self.side.add(self.aspect)
        self.side.add(self.crops_panel, line=False)
        self.side.add(self.also_section, line=False)
        self.side.add(self.guides)
        self.side.add(self.maps)
        self.side.add_sections(
            self.straighten_section, self.numbers_section, self.method_section, self.protect_section
        )

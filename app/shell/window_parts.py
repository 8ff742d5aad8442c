"""Builds the main window's widgets and controllers and lays them out."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions import Actions
from app.batch.batch_controller import BatchController
from app.batch.running_batch import RunningBatch
from app.canvas.crop_view import CropView
from app.document.document import Document
from app.document.flags import PhotoFlags
from app.editor.aspect_panel import AspectPanel
from app.editor.copy_paste import CopyPaste
from app.editor.detail_panels import NumbersPanel, ProtectPanel
from app.editor.editor import Editor
from app.editor.nested_crops_panel import NestedCropsPanel
from app.editor.nested_crops_tool import NestedCropsTool
from app.editor.overlay_panels import GuidesPanel, MapsPanel
from app.editor.photo_crops import PhotoCrops
from app.editor.photo_crops_panel import PhotoCropsPanel
from app.editor.straighten_panel import StraightenPanel
from app.editor.straighten_tool import StraightenTool
from app.engine.engine_thread import EngineThread
from app.export.export_controls import ExportControls
from app.export.exporter import Exporter
from app.filmstrip.filmstrip import Filmstrip
from app.photos.crop_thumbnails import ThumbnailMaker
from app.photos.file_watcher import FileWatcher
from app.photos.missing_files import MissingFiles
from app.photos.opener import Opener
from app.photos.session import Session
from app.review.review_mode import ReviewMode
from app.settings import Settings
from app.shell.menus import RecentMenu, ThemeMenu, extend_view_menu
from app.shell.status_bar import StatusBar
from app.shell.tool_bar import ToolBar
from app.shell.welcome_page import DropOverlay, WelcomePage
from app.sidecars.sidecar_sync import SidecarSync
from app.suggest.candidate_strip import CandidateStrip
from app.suggest.compare import CompareController
from app.suggest.method_panel import MethodPanel
from app.suggest.prefetch import Prefetcher
from app.suggest.why import WhyController
from app.widgets.controls import Section
from app.widgets.notices import NoticeStack
from app.widgets.side_panel import SidePanel
from cropcore.files.user_dirs import batches_dir, reviews_dir


class WindowParts(QMainWindow):
    """Everything of the window that is there from the beginning.

    ``engine`` is a thread that is not running yet.
    """

    def __init__(self, settings: Settings, engine: EngineThread) -> None:
        super().__init__()
        self.settings = settings
        self.engine = engine
        self.document = Document(self)
        # In this order, for a photo's picture lies on the canvas before all that is drawn over it.
        self.opening = Opener(self.document, settings, self)
        self.editor = Editor(self.document, engine, self)
        self.thumbnails = ThumbnailMaker(self)
        self.setMinimumSize(960, 600)
        self._build_middle()
        self._build_behind()
        self._build_side()
        self._build_beside()
        self._lay_out()

    def _build_middle(self) -> None:
        self.canvas = CropView()
        self.act = Actions(self, self.canvas)
        self.recent = RecentMenu(self.settings, self)
        self.theme_menu = ThemeMenu(self.settings, self)
        self.act.fill(self.menuBar(), self.recent)
        self.menuBar().setFixedHeight(26)
        self.toolbar = ToolBar(self.act, self.recent)
        self.status = StatusBar()
        self.film = Filmstrip(self.document, self.opening.thumbnails, self.settings)
        extend_view_menu(self.act.menus["view"], self.film.menus(), self.theme_menu)
        self.strip = CandidateStrip()
        self.empty = WelcomePage(self.act["open"], self.act["samples"])
        self.stage = QStackedWidget()
        self.stage.addWidget(self.empty)
        self.stage.addWidget(self.canvas)
        self.veil = DropOverlay(self, self.stage, self.empty)
        self.notices = NoticeStack(self.stage)

    def _build_behind(self) -> None:
        """What works for the parts that are seen."""
        self.exporting = Exporter(
            self.document, self.editor, self.engine, self.settings, self.notices, self.opening
        )
        self.flagging = PhotoFlags(self.document, self.film.selected)
        self.preparing = Prefetcher(self.editor, self.opening, self.engine, self)
        self.lost = MissingFiles(self.document, self.opening, self.notices, self.film.show_failed)
        self.watching = FileWatcher(self.document, self.opening, self.lost, self.notices)
        self.batching = RunningBatch(
            self.engine, self.notices, batches_dir(), self, self.preparing.priority
        )
        self.batching.running_changed.connect(self.editor.set_hurried)
        self.batch = BatchController(self.editor, self.batching, self.settings, self.film, self)
        self.keeping = SidecarSync(self.document, self.editor, self.settings, self)
        self.reviewing = ReviewMode(
            self.document,
            self.editor,
            self.act,
            self.notices,
            self.keeping,
            reviews_dir(),
            self.canvas.viewport(),
        )
        self.batching.set_review(self.reviewing.keep)

    def _build_beside(self) -> None:
        """What joins the middle and the side."""
        self.compare = CompareController(self.editor, self.engine, self.stage)
        self.why = WhyController(self.editor, self.engine, self.side)
        self.crops = PhotoCrops(self.editor, self.crops_panel)
        self.copying = CopyPaste(
            self.document, self.editor, self.opening, self.engine, self.notices, self.film.selected
        )
        self.session = Session(self.document, self.opening, self.settings)
        self.nesting = NestedCropsTool(self.editor, self.also, self.settings)

    def _lay_out(self) -> None:
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
        self.crops_panel = PhotoCropsPanel()
        self.also = NestedCropsPanel()
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
        self.straightening = StraightenTool(self.editor, self.canvas, self.straighten, self)
        self.side = SidePanel()
        self.side.add(self.aspect)
        self.side.add(self.crops_panel, line=False)
        self.side.add(self.also_section, line=False)
        self.side.add(self.guides)
        self.side.add(self.maps)
        self.side.add_sections(
            self.straighten_section, self.numbers_section, self.method_section, self.protect_section
        )
        self.export_page = ExportControls(
            self.editor,
            self.settings,
            self.exporting,
            self.act,
            self.film,
            self.side,
        )

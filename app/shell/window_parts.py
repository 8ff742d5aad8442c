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
from app.shell.program_pages import ProgramPages
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
        self.opener = Opener(self.document, settings, self)
        self.editor = Editor(self.document, engine, self)
        self.crop_thumbnails = ThumbnailMaker(self)
        self.setMinimumSize(960, 600)
        self._build_middle()
        self._build_behind()
        self._build_side()
        self._build_beside()
        self._lay_out()

    @property
    def parts(self) -> WindowParts:
        """What the window is made of."""
        return self

    def _build_middle(self) -> None:
        self.canvas = CropView()
        self.actions: Actions = Actions(self, self.canvas)  # type: ignore[assignment]
        self.recent_menu = RecentMenu(self.settings, self)
        self.theme_menu = ThemeMenu(self.settings, self)
        self.actions.fill(self.menuBar(), self.recent_menu)
        self.menuBar().setFixedHeight(26)
        self.tool_bar = ToolBar(self.actions, self.recent_menu)
        self.status_bar = StatusBar()
        self.filmstrip = Filmstrip(self.document, self.opener.thumbnails, self.settings)
        extend_view_menu(self.actions.menus["view"], self.filmstrip.menus(), self.theme_menu)
        self.strip = CandidateStrip()
        self.welcome_page = WelcomePage(self.actions["open"], self.actions["samples"])
        self.stage = QStackedWidget()
        self.stage.addWidget(self.welcome_page)
        self.stage.addWidget(self.canvas)
        self.drop_overlay = DropOverlay(self, self.stage, self.welcome_page)
        self.notices = NoticeStack(self.stage)

    def _build_behind(self) -> None:
        """What works for the parts that are seen."""
        self.exporter = Exporter(
            self.document, self.editor, self.engine, self.settings, self.notices, self.opener
        )
        self.photo_flags = PhotoFlags(self.document, self.filmstrip.selected)
        self.prefetcher = Prefetcher(self.editor, self.opener, self.engine, self)
        self.missing_files = MissingFiles(
            self.document, self.opener, self.notices, self.filmstrip.show_failed
        )
        self.file_watcher = FileWatcher(
            self.document, self.opener, self.missing_files, self.notices
        )
        self.running_batch = RunningBatch(
            self.engine, self.notices, batches_dir(), self, self.prefetcher.priority
        )
        self.running_batch.running_changed.connect(self.editor.suggester.set_hurried)
        self.batch_controller = BatchController(
            self.editor, self.running_batch, self.settings, self.filmstrip, self
        )
        self.sidecar_sync = SidecarSync(self.document, self.editor, self.settings, self)
        self.review_mode = ReviewMode(
            self.document,
            self.editor,
            self.actions,
            self.notices,
            self.sidecar_sync,
            reviews_dir(),
            self.canvas.viewport(),
        )
        self.running_batch.set_review(self.review_mode.keep)

    def _build_beside(self) -> None:
        """What joins the middle and the side."""
        self.compare = CompareController(self.editor, self.engine, self.stage)
        self.why = WhyController(self.editor, self.engine, self.side_panel)
        self.photo_crops = PhotoCrops(self.editor, self.photo_crops_panel)
        self.copy_paste = CopyPaste(
            self.document,
            self.editor,
            self.opener,
            self.engine,
            self.notices,
            self.filmstrip.selected,
        )
        self.session = Session(self.document, self.opener, self.settings)
        self.program_pages = ProgramPages(
            self.stage, self.settings, self.actions, self.editor, self.notices
        )
        self.nested_crops_tool = NestedCropsTool(
            self.editor, self.nested_crops_panel, self.settings
        )

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.review_mode.bar)
        column.addWidget(self.stage, 1)
        column.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.filmstrip)
        row.addWidget(middle, 1)
        row.addWidget(self.side_panel)
        central = QWidget()
        layout = QGridLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tool_bar, 0, 0)
        layout.addLayout(row, 1, 0)
        layout.addWidget(self.running_batch.bar, 2, 0)
        layout.addWidget(self.status_bar, 3, 0)
        layout.setRowStretch(1, 1)
        self.setCentralWidget(central)

    def _build_side(self) -> None:
        self.aspect_panel = AspectPanel()
        self.guides_panel = GuidesPanel()
        self.maps_panel = MapsPanel()
        self.photo_crops_panel = PhotoCropsPanel()
        self.nested_crops_panel = NestedCropsPanel()
        self.numbers_panel = NumbersPanel()
        self.method_panel = MethodPanel()
        self.protect_panel = ProtectPanel()
        self.nested_crops_section = Section(self.tr("Also for"), self.nested_crops_panel)
        self.numbers_section = Section(self.tr("Numbers"), self.numbers_panel)
        self.method_section = Section(self.tr("Method"), self.method_panel)
        self.protect_section = Section(self.tr("Protect"), self.protect_panel)
        turns = [self.actions[name] for name in ("turn_left", "turn_right", "flip", "flip_down")]
        self.straighten_panel = StraightenPanel(turns)
        self.straighten_section = Section(self.tr("Straighten"), self.straighten_panel)
        self.straighten_tool = StraightenTool(self.editor, self.canvas, self.straighten_panel, self)
        self.side_panel = SidePanel()
        self.side_panel.add(self.aspect_panel)
        self.side_panel.add(self.photo_crops_panel, line=False)
        self.side_panel.add(self.nested_crops_section, line=False)
        self.side_panel.add(self.guides_panel)
        self.side_panel.add(self.maps_panel)
        self.side_panel.add_sections(
            self.straighten_section, self.numbers_section, self.method_section, self.protect_section
        )
        self.export_controls = ExportControls(
            self.editor,
            self.settings,
            self.exporter,
            self.actions,
            self.filmstrip,
            self.side_panel,
        )

"""Builds the main window's widgets and controllers, and lays the widgets out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions import Actions
from app.batch.batch_controller import BatchController
from app.batch.running_batch import RunningBatch
from app.canvas.crop_view import CropView
from app.contact_sheet.contact_sheet import ContactSheet
from app.document.document import Document
from app.document.flags import PhotoFlags
from app.editor.aspect_panel import AspectPanel
from app.editor.copy_paste import CopyPaste
from app.editor.crop_picture import CropPicture
from app.editor.detail_panels import NumbersPanel, ProtectPanel
from app.editor.editor import Editor
from app.editor.guide_steps import GuideSteps
from app.editor.heads_panel import HeadsPanel
from app.editor.nested_crops_panel import NestedCropsPanel
from app.editor.nested_crops_tool import NestedCropsTool
from app.editor.numbers_tool import NumbersTool
from app.editor.overlay_panels import GuidesPanel, MapsPanel
from app.editor.photo_crops import PhotoCrops
from app.editor.photo_crops_panel import PhotoCropsPanel
from app.editor.stack_crops import StackCrops
from app.editor.straighten_panel import StraightenPanel
from app.editor.straighten_tool import StraightenTool
from app.engine.engine_thread import EngineThread
from app.export.export_controls import ExportControls
from app.export.export_marks import ExportMarks
from app.export.exporter import Exporter
from app.export.foreign_exporter import ForeignExporter
from app.export.lossless_grid import LosslessGrid
from app.filmstrip.burst_finder import BurstFinder
from app.filmstrip.filmstrip import Filmstrip
from app.photos.crop_thumbnails import ThumbnailMaker
from app.photos.file_watcher import FileWatcher
from app.photos.folder_watcher import FolderWatcher
from app.photos.missing_files import MissingFiles
from app.photos.opener import Opener
from app.photos.session import Session
from app.review.review_mode import ReviewMode
from app.settings import Settings
from app.shell.columns import Columns
from app.shell.lights_out import LightsOut
from app.shell.menus import RecentMenu, ThemeMenu, canvas_menu, extend_view_menu
from app.shell.photo_menu import PhotoMenu
from app.shell.program_pages import ProgramPages
from app.shell.status_bar import StatusBar
from app.shell.tool_bar import ToolBar
from app.shell.welcome_page import DropOverlay, WelcomePage
from app.sidecars.first_undecided import FirstUndecided
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


class WindowParts:
    """The widgets and controllers of one window, each built once, after what it needs.

    What joins two of them is in :mod:`app.shell.connections`.
    """

    def __init__(self, window: QMainWindow, settings: Settings, engine: EngineThread) -> None:
        """Build everything for ``window``, which owns it; ``engine`` does not run yet."""
        self.settings = settings
        self.engine = engine
        self.document = Document(window)
        # In this order, for a photo's picture lies on the canvas before all that is drawn over it.
        self.opener = Opener(self.document, settings, window)
        self.editor = Editor(self.document, engine, window)
        self.shown_candidates = self.editor.suggester.shown
        self.crop_thumbnails = ThumbnailMaker(window)
        self._build_center(window)
        self._build_workers(window)
        self._build_side(window)
        self._build_tools()

    def _build_center(self, window: QMainWindow) -> None:
        """The canvas with its bars, the filmstrip and the strip of candidates."""
        self.canvas = CropView()
        self.actions = Actions(window, self.canvas)
        self.recent_menu = RecentMenu(self.settings, window)
        self.theme_menu = ThemeMenu(self.settings, window)
        self.photo_menu = PhotoMenu(self.actions, window)
        self.tool_bar = ToolBar(self.actions, self.recent_menu)
        self.status_bar = StatusBar()
        thumbnails = self.opener.thumbnails, self.opener.sharp_thumbnails
        self.filmstrip = Filmstrip(self.document, *thumbnails, self.settings)
        self.contact_sheet = ContactSheet(self.document, self.filmstrip, *thumbnails, self.settings)
        self.strip = CandidateStrip(self.shown_candidates, self.crop_thumbnails)
        self.welcome_page = WelcomePage(
            self.actions["open"], self.actions["open_folder"], self.actions["samples"]
        )
        self.stage = QStackedWidget()
        self.stage.addWidget(self.welcome_page)
        self.stage.addWidget(self.canvas)
        self.stage.addWidget(self.contact_sheet)
        self.drop_overlay = DropOverlay(window, self.stage, self.welcome_page)
        self.lights_out = LightsOut(window, self.stage, self.canvas)
        self.side_panel = SidePanel()
        self.columns = Columns(self.settings)
        self.notices = NoticeStack(self.side_panel)
        self.side_panel.add_above_foot(self.notices)

    def _build_workers(self, window: QMainWindow) -> None:
        """What reads, writes and asks the engine in the background."""
        self.exporter = Exporter(
            self.document, self.editor, self.engine, self.settings, self.notices, self.opener
        )
        self.foreign_exporter = ForeignExporter(
            self.document, self.editor, self.engine, self.settings, self.notices, self.opener
        )
        self.photo_flags = PhotoFlags(self.document, self.filmstrip.selected)
        self.burst_finder = BurstFinder(self.document, self.filmstrip.model)
        self.stack_crops = StackCrops(
            self.document, self.opener, self.notices, self.filmstrip.model.stack
        )
        self.prefetcher = Prefetcher(self.editor, self.opener, self.engine, window)
        self.missing_files = MissingFiles(
            self.document, self.opener, self.notices, self.filmstrip.show_failed
        )
        self.folder_watcher = FolderWatcher(self.document, self.opener)
        self.file_watcher = FileWatcher(
            self.document, self.opener, self.missing_files, self.notices
        )
        self.running_batch = RunningBatch(
            self.engine, self.notices, batches_dir(), window, self.prefetcher.priority
        )
        self.batch_controller = BatchController(
            self.editor, self.running_batch, self.settings, self.filmstrip, window
        )
        self.sidecar_sync = SidecarSync(self.document, self.editor, self.settings, window)
        self.first_undecided = FirstUndecided(self.document, self.opener, self.sidecar_sync)
        self.review_mode = ReviewMode(
            self.document,
            self.editor,
            self.actions,
            self.notices,
            self.sidecar_sync,
            reviews_dir(),
            self.canvas.viewport(),
        )

    def _build_side(self, window: QMainWindow) -> None:
        """The panels beside the canvas."""
        self.aspect_panel = AspectPanel()
        self.guides_panel = GuidesPanel()
        self.guide_steps = GuideSteps(self.guides_panel)
        self.maps_panel = MapsPanel()
        self.photo_crops_panel = PhotoCropsPanel()
        self.nested_crops_panel = NestedCropsPanel()
        self.numbers_panel = NumbersPanel()
        self.method_panel = MethodPanel()
        self.heads_panel = HeadsPanel()
        self.protect_panel = ProtectPanel()
        self.nested_crops_section = Section(_tr("Also for"), self.nested_crops_panel)
        self.numbers_section = Section(_tr("Numbers"), self.numbers_panel)
        self.method_section = Section(_tr("Method"), self.method_panel)
        self.heads_section = Section(_tr("Heads and text"), self.heads_panel)
        self.protect_section = Section(_tr("Protect"), self.protect_panel)
        turns = [self.actions[name] for name in ("turn_left", "turn_right", "flip", "flip_down")]
        self.straighten_panel = StraightenPanel(turns)
        self.straighten_section = Section(_tr("Straighten"), self.straighten_panel)
        self.straighten_tool = StraightenTool(
            self.editor, self.canvas, self.straighten_panel, window
        )
        self.side_panel.add(self.aspect_panel)
        self.side_panel.add(self.photo_crops_panel, line=False)
        self.side_panel.add(self.nested_crops_section, line=False)
        self.side_panel.add(self.guides_panel)
        self.side_panel.add(self.maps_panel)
        self.side_panel.add_sections(
            self.straighten_section,
            self.numbers_section,
            self.method_section,
            self.heads_section,
            self.protect_section,
        )
        self.export_controls = ExportControls(
            self.editor,
            self.settings,
            self.exporter,
            self.foreign_exporter,
            self.actions,
            self.filmstrip,
            self.side_panel,
        )
        self.export_marks = ExportMarks(self.editor, self.settings, self.canvas)
        self.lossless_grid = LosslessGrid(self.editor, self.settings, self.canvas)

    def _build_tools(self) -> None:
        """Controllers of panels, of pages and of the session."""
        self.compare = CompareController(self.editor, self.engine, self.stage)
        self.why = WhyController(self.editor, self.engine, self.side_panel)
        self.photo_crops = PhotoCrops(self.editor, self.photo_crops_panel)
        self.numbers_tool = NumbersTool(self.editor, self.numbers_panel)
        self.copy_paste = CopyPaste(
            self.document,
            self.editor,
            self.opener,
            self.engine,
            self.notices,
            self.filmstrip.selected,
            lambda: self.settings.turn_ratio,
        )
        self.crop_picture = CropPicture(self.editor, self.notices)
        self.canvas_menu = canvas_menu(self.actions.by_name, self.canvas)
        self.session = Session(self.document, self.opener, self.folder_watcher, self.settings)
        self.program_pages = ProgramPages(
            self.stage, self.settings, self.actions, self.editor, self.notices
        )
        self.nested_crops_tool = NestedCropsTool(
            self.editor, self.nested_crops_panel, self.settings
        )


def lay_out(window: QMainWindow, parts: WindowParts) -> None:
    """Put the menus and the widgets into the window."""
    parts.actions.fill(window.menuBar(), parts.recent_menu)
    extend_view_menu(parts.actions.menus["view"], parts.filmstrip.menus(), parts.theme_menu)
    window.menuBar().setFixedHeight(26)
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(parts.review_mode.bar)
    column.addWidget(parts.stage, 1)
    column.addWidget(parts.strip)
    parts.columns.set_widgets(parts.filmstrip, middle, parts.side_panel)
    central = QWidget()
    layout = QGridLayout(central)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(parts.tool_bar, 0, 0)
    layout.addWidget(parts.columns, 1, 0)
    layout.addWidget(parts.running_batch.bar, 2, 0)
    layout.addWidget(parts.status_bar, 3, 0)
    layout.setRowStretch(1, 1)
    window.setCentralWidget(central)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WindowParts", text)

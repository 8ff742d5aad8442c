"""The batch page, a dialog: photos, preset and output folder of a batch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.batch.page_crops import CropFields
from app.batch.page_files import FileFields
from app.batch.page_folders import OutputFields, PhotoFields
from app.batch.page_header import PresetHeader
from app.batch.page_presets import PresetList
from app.settings import BatchPageState
from app.style import theme
from app.widgets.controls import plain_tip, row, secondary, separator, text_button
from cropcore.batch.preset import Preset
from cropcore.batch.preset_library import LibraryPreset
from cropcore.errors import CropsightError

_NAME = "batch"
_SCROLL_BAR = 12
_PRESETS_WIDTH = 248


class BatchPage(QDialog):
    """A page beside the window, which stays in use.

    Signals: ``photos_changed`` (other photos, or another folder, or it may be so), ``chosen``
    (LibraryPreset: another preset), ``preset_changed`` (the fields say something else), ``started``.
    """

    photos_changed = Signal()
    preset_changed = Signal()
    chosen = Signal(LibraryPreset)
    started = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Batch"))
        self.setObjectName("batchPage")
        self.resize(QSize(1080, 620).boundedTo(self.screen().availableSize() * 0.95))
        self.presets = PresetList()
        self.presets.ensurePolished()
        self.presets.setFixedWidth(max(_PRESETS_WIDTH, self.presets.sizeHint().width()))
        self.head = PresetHeader()
        self.photos = PhotoFields()
        self.finding = CropFields()
        self.files = FileFields()
        self.out = OutputFields()
        self.note = secondary()
        self.start_button = text_button(self.tr("Start"), self.tr("Start the batch (Ctrl+Enter)"))
        self.start_button.setProperty("kind", "primary")
        self.start_button.clicked.connect(self.start)
        self.close_button = text_button(self.tr("Close"), self.tr("Close the page (Esc)"))
        self.close_button.setProperty("kind", "large")
        self.close_button.clicked.connect(self.reject)
        for button in (self.start_button, self.close_button):
            button.setAutoDefault(False)
        self._build()
        self.photos.changed.connect(self.photos_changed)
        self.out.changed.connect(self.photos_changed)
        self.finding.changed.connect(self.preset_changed)
        self.files.changed.connect(self.preset_changed)
        self.out.preset_changed.connect(self.preset_changed)
        self.presets.chosen.connect(self.chosen)

    @property
    def state(self) -> BatchPageState:
        """What to remember."""
        return BatchPageState(
            self.photos.source.currentData(),
            self.photos.folder,
            self.out.chosen,
            self.out.report.isChecked(),
            self.out.review.isChecked(),
        )

    @property
    def preset(self) -> Preset | None:
        """What the fields say; None while one of them is wrong."""
        saved = self.presets.current
        name = saved.preset.name if saved else _NAME
        if self.finding.ratios.wrong or self.files.wrong:
            return None
        try:
            values = self.finding.values() | self.files.values() | self.out.values()
            return Preset(name, **values)  # type: ignore[arg-type]
        except CropsightError:
            return None

    @property
    def wrong(self) -> str:
        """What is wrong first; said beside its field as well."""
        return self.finding.wrong or self.files.wrong or self.out.wrong

    def show_preset(self, preset: Preset) -> None:
        """Fill the fields by a preset."""
        for part in (self.finding, self.files, self.out):
            blocked = part.blockSignals(True)
            part.show_preset(preset)
            part.blockSignals(blocked)
        self.preset_changed.emit()

    def show_state(self, note: str, can_start: bool) -> None:
        """What will be done, or what stands in the way."""
        self.note.setText(note)
        self.note.setToolTip(plain_tip(note))
        self.start_button.setEnabled(can_start)

    def start(self) -> None:
        """Start, if nothing stands in the way."""
        if self.start_button.isEnabled():
            self.started.emit()

    def event(self, event: QEvent) -> bool:
        """The person comes back to the page: much may have changed meanwhile."""
        if event.type() == QEvent.Type.WindowActivate:
            self.photos_changed.emit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter starts; Enter alone only ends the typing of a field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.start()
            return
        super().keyPressEvent(event)

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        for side, parts in (
            (left, (self.photos, separator(), self.finding)),
            (right, (self.files, separator(), self.out)),
        ):
            side.setObjectName("panelContent")
            inside = QVBoxLayout(side)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(theme.GAP_M)
            for part in parts:
                inside.addWidget(part)
            inside.addStretch(1)
        board = QWidget()
        board.setObjectName("panelContent")
        columns = QHBoxLayout(board)
        columns.setContentsMargins(20, 4, 20, 16)
        columns.setSpacing(28)
        columns.addWidget(left, 1)
        columns.addWidget(right, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(board)
        scroll.setMinimumWidth(board.minimumSizeHint().width() + _SCROLL_BAR)
        head = QVBoxLayout()
        head.setContentsMargins(20, 14, 20, 10)
        head.addWidget(self.head)
        foot = row(self.note, self.close_button, self.start_button)
        foot.setStretch(0, 1)
        foot.setContentsMargins(20, 12, 20, 12)
        form = QVBoxLayout()
        form.setSpacing(0)
        form.addLayout(head)
        form.addWidget(scroll, 1)
        form.addWidget(separator())
        form.addLayout(foot)
        line = QFrame()
        line.setProperty("kind", "separator")
        line.setFixedWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.presets)
        layout.addWidget(line)
        layout.addLayout(form, 1)

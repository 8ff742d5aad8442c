"""The batch page: which photos, by which preset, into which folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.batch_order import BatchWishes
from app.panels.batch_form import FileFields, FindingFields
from app.panels.batch_head import PresetHead
from app.panels.batch_presets import PresetList
from app.panels.controls import (
    ComboBox,
    ElidedLabel,
    caption,
    column,
    icon_button,
    row,
    secondary,
    separator,
    text_button,
)
from cropcore.errors import CropsightError
from cropcore.presets import Preset

_NAME = "batch"
_SCROLL_BAR = 12


class PhotoFields(QWidget):
    """Which photos.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self.source = ComboBox(self.tr("Photos"))
        for text, data in (
            (self.tr("Open photos"), "open"),
            (self.tr("Selected photos"), "selected"),
            (self.tr("A folder"), "folder"),
        ):
            self.source.addItem(text, data)
        self.source.currentIndexChanged.connect(lambda _: self._source_changed())
        self._path = ElidedLabel()
        self.choose = text_button(self.tr("Choose …"), self.tr("Choose the folder of the photos"))
        self.choose.clicked.connect(self.pick)
        self._line = QWidget()
        line = row(self._path, self.choose)
        line.setStretch(0, 1)
        column(self._line).addLayout(line)
        self.count = secondary()
        layout = column(self)
        layout.addWidget(caption(self.tr("Photos")))
        layout.addWidget(self.source)
        layout.addWidget(self._line)
        layout.addWidget(self.count)
        self._show()

    @property
    def folder(self) -> Path | None:
        """The folder of the photos, where one is chosen."""
        return self._folder

    def show_counts(self, opened: int, selected: int) -> None:
        """How many there are to choose from."""
        self.source.setItemText(0, self.tr("Open photos ({0})").format(opened))
        self.source.setItemText(1, self.tr("Selected photos ({0})").format(selected))

    def show_wishes(self, wishes: BatchWishes) -> None:
        """What was chosen last."""
        self._folder = wishes.folder
        self.source.choose(wishes.source)
        self._show()

    def show_found(self, text: str, wrong: bool) -> None:
        """What was found, or what is wrong."""
        self.count.setText(text)
        kind = "warning" if wrong else "secondary"
        if self.count.property("kind") != kind:
            self.count.setProperty("kind", kind)
            theme.restyle(self.count)

    def pick(self) -> None:
        """Ask for the folder."""
        start = str(self._folder or Path.home())
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Photos from"), start):
            self.set_folder(Path(chosen))

    def set_folder(self, folder: Path) -> None:
        """Take the photos of a folder."""
        self._folder = folder
        self.source.choose("folder")
        self._show()
        self.changed.emit()

    def _source_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._line.setVisible(self.source.currentData() == "folder")
        self._path.set_full_text(str(self._folder) if self._folder else self.tr("None chosen yet"))


class OutFields(QWidget):
    """Where the files go, and what else is wanted.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen: Path | None = None
        self._path = ElidedLabel()
        self.choose = text_button(self.tr("Choose …"), self.tr("Choose the folder of the files"))
        self.choose.clicked.connect(self._pick)
        self.reset = icon_button("reset", self.tr("Beside the photos again"))
        self.reset.clicked.connect(lambda: self.set_folder(None))
        self.wrong_label = secondary()
        self.wrong_label.setProperty("kind", "warning")
        self.wrong_label.hide()
        self.report = QCheckBox(self.tr("Report with thumbnails"))
        self.report.setToolTip(
            self.tr("One page that shows each crop on its photo, and JSON, in the same folder")
        )
        self.review = QCheckBox(self.tr("Review before writing"))
        self.review.setToolTip(self.tr("Look at the crops first; only accepted ones are written"))
        for box in (self.report, self.review):
            box.toggled.connect(lambda _: self._ticked())
        line = row(self._path, self.choose, self.reset)
        line.setStretch(0, 1)
        layout = column(self)
        layout.addWidget(caption(self.tr("Folder")))
        layout.addLayout(line)
        layout.addWidget(self.wrong_label)
        layout.addSpacing(theme.GAP_XS)
        layout.addWidget(self.report)
        layout.addWidget(self.review)

    @property
    def chosen(self) -> Path | None:
        """The folder that was chosen; None for one beside the photos."""
        return self._chosen

    @property
    def wrong(self) -> str:
        """What is wrong with the folder."""
        return self.wrong_label.text()

    def show_wishes(self, wishes: BatchWishes) -> None:
        """What was chosen last."""
        self._chosen = wishes.out
        for box, on in ((self.report, wishes.report), (self.review, wishes.review)):
            blocked = box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(blocked)
        self.report.setEnabled(not self.review.isChecked())

    def show_folder(self, folder: Path | None, wrong: str) -> None:
        """Where the files will go, and what is wrong with that."""
        self._path.set_full_text(str(folder) if folder else self.tr("Beside the photos"))
        self.reset.setVisible(self._chosen is not None)
        self.wrong_label.setText(wrong)
        self.wrong_label.setVisible(bool(wrong))

    def set_folder(self, folder: Path | None) -> None:
        """Choose a folder, or the one beside the photos."""
        self._chosen = folder
        self.changed.emit()

    def _ticked(self) -> None:
        self.report.setEnabled(not self.review.isChecked())
        self.changed.emit()

    def _pick(self) -> None:
        start = str(self._chosen or Path.home())
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Write to"), start):
            self.set_folder(Path(chosen))


class BatchPage(QDialog):
    """A page beside the window, which stays in use.

    Signals: ``photos_changed`` (other photos, or another folder, or it may be so), ``chosen``
    (Shelved: another preset), ``preset_changed`` (the fields say something else), ``started``.
    """

    photos_changed = Signal()
    preset_changed = Signal()
    chosen = Signal(object)
    started = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Batch"))
        self.setObjectName("batchPage")
        self.resize(QSize(1080, 620).boundedTo(self.screen().availableSize() * 0.95))
        self.presets = PresetList()
        self.presets.setFixedWidth(248)
        self.head = PresetHead()
        self.photos = PhotoFields()
        self.finding = FindingFields()
        self.files = FileFields()
        self.out = OutFields()
        self.note = secondary()
        self.note.setWordWrap(False)
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
        self.presets.chosen.connect(self.chosen)

    @property
    def wishes(self) -> BatchWishes:
        """What to remember."""
        return BatchWishes(
            self.photos.source.currentData(),
            self.photos.folder,
            self.out.chosen,
            self.out.report.isChecked(),
            self.out.review.isChecked(),
        )

    @property
    def preset(self) -> Preset | None:
        """What the fields say; None while one of them is wrong."""
        shelved = self.presets.current
        name = shelved.preset.name if shelved else _NAME
        try:
            return Preset(name, **self.finding.values(), **self.files.values())  # type: ignore[arg-type]
        except CropsightError:
            return None

    @property
    def wrong(self) -> str:
        """What is wrong first; said beside its field as well."""
        return self.finding.wrong or self.files.wrong or self.out.wrong

    def show_preset(self, preset: Preset) -> None:
        """Fill the fields by a preset."""
        for part in (self.finding, self.files):
            blocked = part.blockSignals(True)
            part.show_preset(preset)
            part.blockSignals(blocked)
        self.preset_changed.emit()

    def show_state(self, note: str, can_start: bool) -> None:
        """What will be done, or what stands in the way."""
        self.note.setText(note)
        self.note.setToolTip(note)
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
        foot = row(self.note, 1, self.close_button, self.start_button)
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

"""Header of the batch page: name of the chosen preset; save, save as, rename, delete."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.batch.page_ratios import mark_wrong, wrong_label
from app.style import theme
from app.widgets.controls import ElidedLabel, column, icon_button, row, secondary, text_button
from cropcore.batch.preset import LONGEST_NAME
from cropcore.batch.preset_library import LibraryPreset, short_name


class PresetHeader(QWidget):
    """A name, and the buttons that belong to it; a name is typed in its own line.

    Signals: ``save``, ``save_as`` (name), ``rename`` (name), ``delete``, ``revert`` (to what is saved).
    """

    save = Signal()
    save_as = Signal(str)
    rename = Signal(str)
    delete = Signal()
    revert = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._saved: LibraryPreset | None = None
        self._taken: dict[str, str] = {}
        self._renames = False
        self.name = ElidedLabel()
        self.name.setProperty("kind", "title")
        self.state = secondary()
        self.state.setWordWrap(False)
        self.revert_button = icon_button("reset", self.tr("Back to what is saved"))
        self.revert_button.clicked.connect(self.revert)
        self.save_button = text_button(self.tr("Save"), self.tr("Keep the changes in this preset"))
        self.save_button.clicked.connect(self.save)
        self.save_as_button = text_button(
            self.tr("Save as …"), self.tr("Keep this as a preset of your own")
        )
        self.save_as_button.clicked.connect(lambda: self._ask_name(False))
        self.rename_button = text_button(
            self.tr("Rename …"), self.tr("Give this preset another name")
        )
        self.rename_button.clicked.connect(lambda: self._ask_name(True))
        self.delete_button = text_button(self.tr("Delete"), self.tr("Delete this preset"))
        self.delete_button.clicked.connect(self.delete)
        buttons = (self.save_button, self.save_as_button, self.rename_button, self.delete_button)
        self._line = QWidget()
        line = row(self.name, self.state, self.revert_button, *buttons)
        line.setStretch(0, 1)
        column(self._line).addLayout(line)
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST_NAME)
        self.field.setAccessibleName(self.tr("Name of the preset"))
        self.field.setPlaceholderText(self.tr("Name of the preset"))
        self.field.textEdited.connect(lambda _: self._check())
        self.field.returnPressed.connect(self._take)
        self.take_button = text_button(self.tr("Save"))
        self.take_button.clicked.connect(self._take)
        self.cancel_button = text_button(self.tr("Cancel"), self.tr("Leave the name (Esc)"))
        self.cancel_button.clicked.connect(self._leave)
        self._wrong = wrong_label()
        self._asking = QWidget()
        asking = column(self._asking, 2)
        field = row(self.field, self.take_button, self.cancel_button)
        field.setStretch(0, 1)
        asking.addLayout(field)
        asking.addWidget(self._wrong)
        layout = column(self, 0)
        layout.addWidget(self._line)
        layout.addWidget(self._asking)
        self._asking.hide()
        self._line.setMinimumHeight(theme.CONTROL_HEIGHT)

    @property
    def wrong(self) -> str:
        """What is wrong with the name that is being typed."""
        return self._wrong.text()

    @property
    def is_asking(self) -> bool:
        """Whether a name is being typed."""
        return not self._asking.isHidden()

    def show_preset(
        self, saved: LibraryPreset, changed: bool, all_presets: tuple[LibraryPreset, ...]
    ) -> None:
        """The preset in hand, and whether the fields say something else by now."""
        self._saved = saved
        self._taken = {short_name(s.preset.name): s.preset.name for s in all_presets if s.own}
        self.name.set_full_text(saved.preset.name)
        self.state.setText(self.tr("changed") if changed else "")
        self.revert_button.setVisible(changed)
        self.save_button.setVisible(saved.own)
        self.save_button.setEnabled(changed)
        self.rename_button.setVisible(saved.own)
        self.delete_button.setVisible(saved.own)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the name."""
        if event.key() == Qt.Key.Key_Escape and self.is_asking:
            self._leave()
            return
        super().keyPressEvent(event)

    def _ask_name(self, renames: bool) -> None:
        if self._saved is None:
            return
        self._renames = renames
        self.field.setText(self._saved.preset.name)
        self.take_button.setText(self.tr("Rename") if renames else self.tr("Save"))
        self.take_button.setAccessibleName(self.take_button.text())
        self._line.hide()
        self._asking.show()
        self._check()
        self.field.setFocus()
        self.field.selectAll()

    def _check(self) -> None:
        name, why = self.field.text().strip(), ""
        taken = self._taken.get(short_name(name)) if name else None
        itself = self._renames and self._saved is not None and taken == self._saved.preset.name
        if not name:
            why = self.tr("A preset needs a name.")
        elif taken is not None and not itself:
            why = self.tr("You have a preset {0} already.").format(taken)
        mark_wrong(self.field, self._wrong, why)
        self.take_button.setEnabled(not why)

    def _take(self) -> None:
        if self.take_button.isEnabled():
            name = self.field.text().strip()
            self._leave()
            (self.rename if self._renames else self.save_as).emit(name)

    def _leave(self) -> None:
        self._asking.hide()
        self._line.show()
        (self.rename_button if self._renames else self.save_as_button).setFocus()

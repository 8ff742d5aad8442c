"""Page of export options in the side panel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.export.foreign_fields import ForeignFields
from app.export.format_fields import CircleColour, format_box, metadata_box
from app.export.keep_fields import KeepFields
from app.export.name_preview import NamePreview, NameQuestion
from app.export.size_fields import SizeFields
from app.i18n import plurals
from app.i18n.engine_messages import translated
from app.style import theme
from app.widgets.controls import (
    ComboBox,
    ElidedLabel,
    Slider,
    SpinBox,
    caption,
    column,
    icon_button,
    plain_label,
    plain_tip,
    row,
    secondary,
    separator,
    text_button,
)
from app.widgets.ratio_chips import RatioChips
from cropcore.errors import CropsightError
from cropcore.export.file_names import check
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import refit
from cropcore.images.photo import Photo

Scope = Literal["crop", "nested", "crops", "candidates", "selected", "photos"]

_LOSSY = ("keep", "jpeg", "webp", "avif", "heic")


class ExportPanel(QWidget):
    """All options of an export.

    Signals: ``changed`` (ExportOptions), ``scope_changed``, ``closed``, ``focus_released`` (the keys
    belong to the canvas again).
    """

    changed = Signal(ExportOptions)
    scope_changed = Signal()
    closed = Signal()
    focus_released = Signal()

    def __init__(self, options: ExportOptions) -> None:
        super().__init__()
        self._options = options
        self._shown: tuple[Photo, Crop, Aspect] | None = None
        self._names = NamePreview(self)
        self._names.named.connect(self._show_name)
        self._has_nested = False
        back = icon_button("back", self.tr("Back to the crop (Esc)"))
        back.clicked.connect(self.closed)
        title = plain_label(self.tr("Export"))
        title.setProperty("kind", "title")
        head = row(back, title, 1)
        head.setContentsMargins(8, 8, 12, 0)
        content = QWidget()
        content.setObjectName("panelContent")
        fields = QVBoxLayout(content)
        fields.setContentsMargins(12, 8, 12, 12)
        fields.setSpacing(theme.GAP_S)
        self._build_scope(fields)
        fields.addWidget(separator())
        self.foreign = ForeignFields()
        self.foreign.target_changed.connect(self._target_changed)
        fields.addWidget(self.foreign)
        self._images = QWidget()
        images = column(self._images)
        self._build_format(images)
        self._build_size(images)
        images.addWidget(separator())
        self._build_name(images)
        images.addWidget(separator())
        self._build_rest(images)
        fields.addWidget(self._images)
        fields.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(scroll.focusPolicy().NoFocus)
        scroll.setWidget(content)
        layout = column(self, 0)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self._show_options()

    @property
    def options(self) -> ExportOptions:
        """The options as they stand."""
        return self._options

    def set_options(self, options: ExportOptions) -> None:
        """Show other options without announcing them."""
        blocked = self.blockSignals(True)
        self._options = options
        self._show_options()
        self.blockSignals(blocked)

    @property
    def scope(self) -> Scope:
        """What is exported: of this photo, of those that are selected, or of all."""
        return self.scope_box.currentData()

    def choose_scope(self, scope: Scope) -> None:
        """Choose what is exported."""
        self.scope_box.setCurrentIndex(self.scope_box.findData(scope))

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """The ratios that are ticked; empty means each photo in its own."""
        return self.ratios.chosen

    def show_photo(self, photo: Photo, crop: Crop, aspect: Aspect, photos: int) -> None:
        """The crop in hand, for the preview of the name and the warning about the size."""
        self._shown = photo, crop, aspect
        self.scope_box.setItemText(self.scope_box.findData("photos"), plurals.all_photos(photos))
        self._show_derived()

    def set_nested(self, on: bool) -> None:
        """Whether there are crops inside the crop in hand."""
        self._has_nested = on
        self._offer("nested", on and not self.foreign.is_foreign)

    def set_selected(self, count: int) -> None:
        """How many photos are selected; one alone is the photo that is shown."""
        place = self.scope_box.findData("selected")
        self.scope_box.setItemText(place, plurals.selected_photos(count))
        self._offer("selected", count > 1)

    def _target_changed(self) -> None:
        """Other editors hold one crop of each photo: that in hand."""
        foreign = self.foreign.is_foreign
        self._images.setVisible(not foreign)
        self.ratios.setVisible(not foreign)
        self._offer("crops", not foreign)
        self._offer("candidates", not foreign)
        self._offer("nested", self._has_nested and not foreign)
        self._show_derived()
        self.scope_changed.emit()

    def _offer(self, scope: Scope, on: bool) -> None:
        place = self.scope_box.findData(scope)
        model = self.scope_box.model()
        assert isinstance(model, QStandardItemModel)
        model.item(place).setEnabled(on)
        if not on and self.scope_box.currentIndex() == place:
            self.scope_box.setCurrentIndex(0)

    def _build_scope(self, fields: QVBoxLayout) -> None:
        self.scope_box = ComboBox(self.tr("What to export"))
        for text, data in (
            (self.tr("This crop"), "crop"),
            (self.tr("This crop and those inside it"), "nested"),
            (self.tr("All crops of this photo"), "crops"),
            (self.tr("All candidates"), "candidates"),
            (self.tr("Selected photos"), "selected"),
            (self.tr("All photos"), "photos"),
        ):
            self.scope_box.addItem(text, data)
        self.scope_box.currentIndexChanged.connect(lambda _: self._show_derived())
        self.scope_box.currentIndexChanged.connect(lambda _: self.scope_changed.emit())
        fields.addWidget(caption(self.tr("What")))
        fields.addWidget(self.scope_box)
        self.ratios = RatioChips("export", self.tr("Export as {0}"))
        self.ratios.toggled.connect(lambda *_: self._ratios_changed())
        self._ratio_hint = secondary()
        fields.addWidget(self.ratios)
        fields.addWidget(self._ratio_hint)

    def _build_format(self, fields: QVBoxLayout) -> None:
        self.format = format_box()
        self.format.currentIndexChanged.connect(
            lambda _: self._change(format=str(self.format.currentData()))
        )
        self.quality = Slider(1, 100, self.tr("Quality"), ExportOptions().quality)
        self.quality.setToolTip(self.tr("Quality of formats that lose some detail"))
        self.quality_box = SpinBox(1, 100, self.tr("Quality"))
        self.quality_box.setFixedWidth(48)
        self.quality_box.entered.connect(self.focus_released)
        self.quality.valueChanged.connect(self.quality_box.setValue)
        self.quality_box.valueChanged.connect(self.quality.setValue)
        self.quality.valueChanged.connect(lambda value: self._change(quality=value))
        self._quality_row = QWidget()
        label = secondary(self.tr("Quality"))
        label.setWordWrap(False)
        column(self._quality_row).addLayout(row(label, self.quality, self.quality_box))
        self.keep = KeepFields()
        self.keep.changed.connect(lambda: self._change(**self.keep.values()))
        fields.addWidget(caption(self.tr("Format")))
        fields.addWidget(self.format)
        fields.addWidget(self._quality_row)
        fields.addWidget(self.keep)

    def _build_size(self, fields: QVBoxLayout) -> None:
        self.sizes = SizeFields()
        self.sizes.changed.connect(lambda size: self._change(size=size))
        self.sizes.focus_released.connect(self.focus_released)
        fields.addWidget(caption(self.tr("Size")))
        fields.addWidget(self.sizes)

    def _build_name(self, fields: QVBoxLayout) -> None:
        self.template = QLineEdit()
        self.template.setAccessibleName(self.tr("Name template"))
        self.template.setToolTip(
            self.tr("Fields: {name} {aspect} {rank} {width} {height} {date} {n}")
        )
        self.template.textEdited.connect(self._template_changed)
        self._example = ElidedLabel()
        self._example.setProperty("kind", "secondary")
        self._example.setAccessibleName(self.tr("Example of a name"))
        self._folder = ElidedLabel()
        self.choose_folder = text_button(self.tr("Choose …"), self.tr("Choose the folder"))
        self.choose_folder.clicked.connect(self._pick_folder)
        self.reset_folder = icon_button("reset", self.tr("Beside the photo again"))
        self.reset_folder.clicked.connect(lambda: self._change(folder=None))
        fields.addWidget(caption(self.tr("Name")))
        fields.addWidget(self.template)
        fields.addWidget(self._example)
        fields.addWidget(caption(self.tr("Folder")))
        line = row(self._folder, self.choose_folder, self.reset_folder)
        line.setStretch(0, 1)
        fields.addLayout(line)

    def _build_rest(self, fields: QVBoxLayout) -> None:
        self.metadata = metadata_box()
        self.metadata.currentIndexChanged.connect(
            lambda _: self._change(metadata=self.metadata.currentData())
        )
        self.background = CircleColour(48)
        self.background.chosen.connect(lambda *colour: self._change(background=colour))
        label = secondary(self.tr("Around a circle"))
        label.setWordWrap(False)
        fields.addWidget(caption(self.tr("Metadata")))
        fields.addWidget(self.metadata)
        fields.addLayout(row(label, 1, self.background))

    def _change(self, **changes: object) -> None:
        try:
            changed = replace(self._options, **changes)  # type: ignore[arg-type]
        except CropsightError:
            return
        if changed != self._options:
            self._options = changed
            self._show_derived()
            self.changed.emit(changed)

    def _template_changed(self, text: str) -> None:
        if self._show_example(text):
            self._change(template=text)

    def _ratios_changed(self) -> None:
        self._show_derived()
        self.scope_changed.emit()

    def _pick_folder(self) -> None:
        start = str(self._options.folder or Path.home())
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Export to"), start):
            self._change(folder=Path(chosen))

    def _show_options(self) -> None:
        options = self._options
        self.format.choose(options.format)
        for box in (self.quality, self.quality_box):
            box.blockSignals(True)
        self.quality.setValue(options.quality)
        self.quality_box.setValue(options.quality)
        for box in (self.quality, self.quality_box):
            box.blockSignals(False)
        self.sizes.show_size(options.size)
        self.keep.show_values(options.lossless, options.source_quality, options.keep_date)
        self.template.setText(options.template)
        self.metadata.choose(options.metadata)
        self._show_derived()

    def _show_derived(self) -> None:
        options = self._options
        self._quality_row.setVisible(options.format in _LOSSY)
        self.keep.show_format(options.format)
        self.reset_folder.setVisible(options.folder is not None)
        self._folder.set_full_text(
            str(options.folder) if options.folder else self.tr("Beside the photo")
        )
        self.background.show_colour(options.background)
        enabled = self.scope not in ("candidates", "crops", "nested")
        self.ratios.setEnabled(enabled)
        count = len(self.aspects)
        if self.foreign.is_foreign:
            self._ratio_hint.setText(self.tr("One crop of each photo: the one in hand."))
        elif self.scope == "nested":
            self._ratio_hint.setText(self.tr("And from it each ratio under Also for."))
        elif self.scope == "crops":
            self._ratio_hint.setText(self.tr("Every crop that you keep, in its own ratio."))
        elif not enabled:
            self._ratio_hint.setText(self.tr("Every candidate in the ratio that is chosen now."))
        elif count:
            self._ratio_hint.setText(self.tr("One file for each ratio."))
        elif self.scope in ("selected", "photos"):
            self._ratio_hint.setText(self.tr("No ratio ticked: every crop as it is."))
        else:
            self._ratio_hint.setText(self.tr("No ratio ticked: the crop as it is."))
        self._show_example(self.template.text())
        self.sizes.show_crop(self._shown, options.size)

    def _show_example(self, template: str) -> bool:
        """Say what is wrong with a template, or have the name looked up that it gives."""
        try:
            check(template)
        except CropsightError as error:
            self._tell_name(translated(error), "warning")
            return False
        if self._shown is not None:
            photo, crop, aspect = self._shown
            if self.ratios.isEnabled() and self.aspects and aspect not in self.aspects:
                aspect = self.aspects[0]
                crop = refit(crop, aspect, photo.width, photo.height)
            options = replace(self._options, template=template)
            self._names.ask(NameQuestion(photo, crop, aspect, options))
        return True

    def _show_name(self, name: str, numbered: bool) -> None:
        if numbered:
            hint = self.tr("A file of the wanted name is there already; it stays as it is.")
            self._tell_name(name, "warning", hint)
        else:
            self._tell_name(name, "secondary")

    def _tell_name(self, text: str, kind: str, hint: str = "") -> None:
        self._example.set_full_text(text)
        if hint:
            self._example.setToolTip(plain_tip(f"{text}\n{hint}"))
        if self._example.property("kind") != kind:
            self._example.setProperty("kind", kind)
            theme.restyle(self._example)

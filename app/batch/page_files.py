"""Preset fields of the batch page for file format and name template, with a preview of the names."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.batch.batch_preview import SHOWN, FileNamesPreview
from app.export.format_fields import CircleColour, format_box, metadata_box
from app.export.keep_fields import KeepFields
from app.style import theme
from app.widgets.controls import ElidedLabel, SpinBox, caption, column, row, secondary
from app.widgets.typed_field import Taken, TypedField
from cropcore.batch.preset import Preset
from cropcore.export import file_names

_LOSSY = ("keep", "jpeg", "webp", "avif", "heic")


class FileFields(QWidget):
    """How the files are made and what they are called.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._build_format()
        self._build_names()
        layout = column(self)
        layout.addWidget(caption(self.tr("Files")))
        layout.addLayout(self._format_lines())
        layout.addSpacing(theme.GAP_XS)
        layout.addWidget(caption(self.tr("Names")))
        layout.addWidget(self.template)
        layout.addWidget(self.template.refusal)
        names = QVBoxLayout()
        names.setSpacing(2)
        for label in self._names:
            names.addWidget(label)
        names.addWidget(self._more)
        layout.addLayout(names)

    @property
    def wrong(self) -> str:
        """What is wrong first."""
        return self.template.wrong

    def show_preset(self, preset: Preset) -> None:
        """Show what a preset says."""
        self.format.choose(preset.format)
        self.quality.setValue(preset.quality)
        self.metadata.choose(preset.metadata)
        self.background.show_colour(preset.background)
        self.keep.show_values(preset.lossless, preset.source_quality, preset.keep_date)
        self._template = preset.template
        self.template.show_text(preset.template, at_once=True)
        self._show_derived()

    def values(self) -> dict[str, object]:
        """The fields of a preset."""
        return {
            "format": self.format.currentData(),
            "quality": self.quality.value(),
            "metadata": self.metadata.currentData(),
            "background": self.background.colour,
            "template": self._template,
            **self.keep.values(),
        }

    def show_names(self, names: FileNamesPreview) -> None:
        """The first names that the batch will give."""
        shown = list(names.first[:SHOWN])
        if names.numbered_one is not None and len(shown) == SHOWN:
            shown[-1] = names.numbered_one
        for place, label in enumerate(self._names):
            preview = shown[place] if place < len(shown) else None
            text = preview.name if preview else ""
            if preview is not None and preview.fate == "there":
                text += "  –  " + self.tr("there already")
            label.set_full_text(text)
            kind = "warning" if preview and preview.fate == "numbered" else "name"
            if label.property("kind") != kind:
                label.setProperty("kind", kind)
                theme.restyle(label)
            label.setVisible(bool(text))
        self._more.setText(names.wrong or self._say_more(names, len(shown)))
        self._more.setVisible(bool(self._more.text()))

    def _say_more(self, names: FileNamesPreview, shown: int) -> str:
        words = []
        if names.total > shown:
            words.append(self.tr("and {0} more").format(names.total - shown))
        if names.numbered:
            words.append(
                self.tr("{0} take a number, as their name is taken").format(names.numbered)
            )
        if names.there:
            words.append(self.tr("{0} are there already and stay").format(names.there))
        if not names.sure:
            words.append(self.tr("some depend on the photo"))
        return "; ".join(words)

    def _build_format(self) -> None:
        self.format = format_box()
        # Every format is read in full in the narrowest page.
        metrics = self.format.fontMetrics()
        texts = [self.format.itemText(place) for place in range(self.format.count())]
        wide = max(metrics.horizontalAdvance(text) for text in texts)
        self.format.setMinimumContentsLength(-(-wide // metrics.horizontalAdvance("X")))
        self.quality = SpinBox(1, 100, self.tr("Quality"))
        self.quality.setFixedWidth(56)
        self.quality.lineEdit().setTextMargins(0, 0, 4, 0)
        self.quality.setToolTip(self.tr("Quality of formats that lose some detail, 1 to 100"))
        self.metadata = metadata_box()
        self.keep = KeepFields()
        self.keep.changed.connect(self.changed)
        self.background = CircleColour(48)
        self.background.chosen.connect(lambda *_: self.changed.emit())
        for box in (self.format, self.metadata):
            box.currentIndexChanged.connect(lambda _: self._format_changed())
        self.quality.valueChanged.connect(lambda _: self.changed.emit())

    def _format_lines(self) -> QVBoxLayout:
        self._quality_label = secondary(self.tr("Quality"))
        self._round_label = secondary(self.tr("Around a circle"))
        for label in (self._quality_label, self._round_label):
            label.setWordWrap(False)
        upper = row(self.format, self._quality_label, self.quality)
        upper.setStretch(0, 1)
        lower = row(self._round_label, 1, self.background)
        lines = QVBoxLayout()
        lines.setSpacing(theme.GAP_S)
        lines.addLayout(upper)
        lines.addWidget(self.keep)
        lines.addWidget(self.metadata)
        lines.addLayout(lower)
        return lines

    def _build_names(self) -> None:
        self._template = ""
        self.template = TypedField(self.tr("Name template"), _read_template, Taken.WHILE_TYPED)
        self.template.setToolTip(
            self.tr(
                "Fields: {name} {aspect} {rank} {width} {height} {date} {n}; zeros as in {n:03}"
            )
        )
        self.template.typed.connect(self._template_changed)
        self.template.judged.connect(self.changed)
        self._names = [ElidedLabel() for _ in range(SHOWN)]
        for label in self._names:
            label.setProperty("kind", "name")
            label.hide()
        self._more = secondary()
        self._more.hide()

    def _template_changed(self, template: str) -> None:
        self._template = template
        self.changed.emit()

    def _format_changed(self) -> None:
        self._show_derived()
        self.changed.emit()

    def _show_derived(self) -> None:
        lossy = self.format.currentData() in _LOSSY
        self.quality.setVisible(lossy)
        self._quality_label.setVisible(lossy)
        self.keep.show_format(str(self.format.currentData()))


def _read_template(text: str) -> str:
    file_names.check(text)
    return text

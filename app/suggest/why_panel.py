"""Panel that explains the score of the current crop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QScrollArea, QWidget

from app.i18n.engine_messages import translated
from app.i18n.idea_texts import idea_text
from app.i18n.method_texts import method_title, method_words
from app.style import theme
from app.suggest.why_picture import WhyPicture, cut_colour
from app.widgets.controls import (
    caption,
    column,
    grid,
    icon_button,
    plain_label,
    row,
    secondary,
    separator,
)
from cropcore.geometry.crop import Candidate, Explanation, MethodOpinion

_NAME_WIDTH = 112


class WhyPanel(QWidget):
    """Shows an explanation.

    Signals: ``closed``, ``picture_wanted`` (the room for the picture changed).
    """

    closed = Signal()
    picture_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._explanation: Explanation | None = None
        self._offered: tuple[str, Candidate] | None = None
        back = icon_button("back", self.tr("Back to the crop (Esc)"))
        back.clicked.connect(self.closed)
        title = plain_label(self.tr("Why this crop"))
        title.setProperty("kind", "title")
        title.setWordWrap(True)
        head = row(back, title)
        head.setStretch(1, 1)
        head.setContentsMargins(8, 8, 12, 0)
        self.picture = WhyPicture()
        self.meaning = secondary()
        self.gaze = plain_label()
        self.gaze.setWordWrap(True)
        self.gaze_bar = _bar(self.tr("Share of the gaze inside the crop"))
        content = QWidget()
        content.setObjectName("panelContent")
        fields = column(content, theme.GAP_S)
        fields.setContentsMargins(12, 8, 12, 12)
        fields.addWidget(self.picture)
        fields.addWidget(self.meaning)
        fields.addWidget(separator())
        fields.addWidget(caption(self.tr("Gaze")))
        fields.addWidget(self.gaze)
        fields.addWidget(self.gaze_bar)
        fields.addLayout(self._build_cuts())
        fields.addWidget(separator())
        fields.addLayout(self._build_opinions())
        fields.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        layout = column(self, 0)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self.show_explanation(None)

    @property
    def explanation(self) -> Explanation | None:
        """What is shown."""
        return self._explanation

    def set_photo(self, image: QImage | None, ratio: float) -> None:
        """A small picture of the photo, which is ``ratio`` times as wide as high."""
        self.picture.set_photo(image, ratio)

    def show_explanation(
        self, explanation: Explanation | None, offered: tuple[str, Candidate] | None = None
    ) -> None:
        """Show an explanation, or that one is on its way.

        ``offered`` is the method that offers the crop among its candidates, and which of them it is:
        of that method its place there is shown, and what it is offered for.
        """
        self._explanation, self._offered = explanation, offered
        self.picture.show_explanation(explanation)
        if explanation is None:
            self.show_message(self.tr("One moment …"))
            return
        inside = f"{explanation.gaze_inside:.0%}".replace("%", " %")
        strongest = translated(explanation.partition)
        self.meaning.setText(
            self.tr("Bright: what the crop gains from most. Strongest part: {0}.").format(strongest)
        )
        self.picture.setToolTip(translated(explanation.map.meaning))
        self.gaze.setText(self.tr("{0} of the gaze lies inside.").format(inside))
        self.gaze_bar.setValue(round(explanation.gaze_inside * 100))
        self._show_cuts()
        self._show_opinions(explanation.opinions)

    def show_message(self, text: str) -> None:
        """Say why there is nothing to see."""
        self._explanation = None
        self.meaning.setText(text)
        self.gaze.setText("–")
        self.gaze_bar.setValue(0)
        self._show_cuts()
        self._show_opinions(())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._explanation is not None:
            self._show_cuts()

    def resizeEvent(self, event: object) -> None:
        """Another width wants another picture."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.picture.set_room(self.width() - 2 * theme.GAP_M)
        self.picture_wanted.emit()

    def _build_cuts(self) -> QGridLayout:
        layout = grid(theme.GAP_XS)
        layout.setVerticalSpacing(2)
        self.cuts: list[QLabel] = []
        titles = (self.tr("Left"), self.tr("Top"), self.tr("Right"), self.tr("Bottom"))
        hint = secondary(self.tr("Cut by the borders:"))
        hint.setMinimumHeight(20)
        layout.addWidget(hint, 0, 0, 1, 4)
        for place, title in enumerate(titles):
            value = plain_label("–")
            value.setProperty("kind", "figure")
            value.setAccessibleName(self.tr("{0} border").format(title))
            value.setToolTip(self.tr("Share of the gaze that the border cuts"))
            layout.addWidget(secondary(title), 1, place)
            layout.addWidget(value, 2, place)
            layout.setColumnStretch(place, 1)
            self.cuts.append(value)
        return layout

    def _build_opinions(self) -> QGridLayout:
        layout = grid(theme.GAP_S)
        layout.setVerticalSpacing(6)
        layout.addWidget(caption(self.tr("Rank by each method")), 0, 0, 1, 3)
        self.hint = secondary()
        layout.addWidget(self.hint, 1, 0, 1, 3)
        layout.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QProgressBar, QLabel]] = []
        for place in range(len(method_words())):
            name, rank = plain_label(), plain_label()
            name.setWordWrap(True)
            name.setMinimumWidth(_NAME_WIDTH)
            rank.setProperty("kind", "figure")
            rank.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            bar = _bar(self.tr("Rank"))
            bar.setMinimumWidth(24)
            for part, widget in enumerate((name, bar, rank)):
                layout.addWidget(widget, place + 2, part)
            self._rows.append((name, bar, rank))
        return layout

    def _show_cuts(self) -> None:
        shares = self._explanation.gaze_cut if self._explanation is not None else None
        for place, label in enumerate(self.cuts):
            if shares is None:
                label.setText("–")
                label.setStyleSheet("")
                continue
            label.setText(f"{shares[place] * 100:.0f} %")
            label.setStyleSheet(f"color: {cut_colour(shares[place], theme.current()).name()};")

    def _show_opinions(self, opinions: tuple[MethodOpinion, ...]) -> None:
        self.hint.setVisible(bool(opinions))
        if opinions:
            self.hint.setText(
                self.tr("Among {0} crops: this one and the candidates.").format(opinions[0].of)
            )
        for place, (name, bar, rank) in enumerate(self._rows):
            shown = place < len(opinions)
            for widget in (name, bar, rank):
                widget.setVisible(shown)
            if not shown:
                continue
            opinion, standing = opinions[place], opinions[place].rank
            text = self.tr("{0} of {1}").format(standing, opinion.of)
            if self._offered is not None and self._offered[0] == opinion.method:
                candidate = self._offered[1]
                standing = candidate.rank
                text = self.tr("{0} of {1}").format(standing, opinion.of)
                if standing > 1 and candidate.idea:
                    text = f"{standing}: {idea_text(candidate.idea)}"
            title = method_title(opinion.method)
            name.setText(title)
            rank.setText(text)
            rank.setAccessibleName(f"{title}: {text}")
            rank.setToolTip(self.tr("Its own score: {0}").format(f"{opinion.raw_score:.3g}"))
            bar.setMaximum(opinion.of)
            bar.setValue(max(opinion.of - standing + 1, 0))


def _bar(name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setFixedHeight(4)
    bar.setMinimumWidth(24)
    bar.setAccessibleName(name)
    return bar

"""Card of one method in the comparison: best crop, score and a button to choose it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetrics,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QSizePolicy,
    QWidget,
)

from app.i18n.method_texts import method_title, method_words, validity_of
from app.style import theme
from app.widgets.controls import plain_label, row, secondary, text_button
from cropcore.geometry.crop import Candidate, Crop, Suggestions

_STALE = 0.35

_MARGIN = 10
_BESIDE_GAP = 8
_LONGEST_SIZE = "00000 × 00000"


class CropPicture(QAbstractButton):
    """The picture of a crop; a click takes the crop."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = QPixmap()
        self._message = ""
        self._stale = False
        self._in_hand = False

    @property
    def room(self) -> QRect:
        """Where the picture may be."""
        return self.rect().adjusted(5, 5, -5, -5)

    @property
    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return not self._picture.isNull()

    def show_picture(self, image: QImage | None) -> None:
        """Show a picture, or none."""
        self._picture = QPixmap() if image is None else QPixmap.fromImage(image)
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._stale = False
        self.update()

    def show_message(self, text: str) -> None:
        """What is said while there is no picture."""
        self._message = text
        self.update()

    def set_stale(self, on: bool) -> None:
        """Fade a picture that is about to be replaced."""
        self._stale = on
        self.update()

    def set_in_hand(self, on: bool) -> None:
        """Whether the photo's crop is this one."""
        if on != self._in_hand:
            self._in_hand = on
            self.update()

    def sizeHint(self) -> QSize:
        """The size that it likes to have."""
        return QSize(220, 150)

    def minimumSizeHint(self) -> QSize:
        """The least that it can be."""
        return QSize(88, 80)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Go out again."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = self.isEnabled() and self.underMouse()
        painter.setBrush(theme.mixed(colours.panel, colours.text, 0.12 if lit else 0.05))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self.has_picture:
            painter.setOpacity(_STALE if self._stale else 1.0)
            painter.drawPixmap(self._place(), self._picture)
            painter.setOpacity(1.0)
        elif self._message:
            painter.setPen(colours.secondary)
            painter.setFont(theme.font(theme.SMALL))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.room, flags, self._message)
        if self._in_hand or self.hasFocus():
            painter.setPen(QPen(colours.accent if self._in_hand else colours.text, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _place(self) -> QRect:
        scale = self._picture.devicePixelRatio()
        size = QSize(
            round(self._picture.width() / scale), round(self._picture.height() / scale)
        ).scaled(self.room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.room.center())
        return place


class CompareCard(QFrame):
    """One method and its best crop.

    Signals: ``taken`` (its crop is wanted), ``chosen`` (the method is wanted).
    """

    taken = Signal()
    chosen = Signal()

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method
        self.setProperty("kind", "card")
        self.candidate: Candidate | None = None
        self._narrow = False
        self._beside = 0
        words = method_words().get(method)
        self.title = plain_label(method_title(method))
        self.title.setProperty("kind", "strong")
        if words is not None:
            self.title.setToolTip(words.tip)
        self.score = plain_label()
        self.score.setProperty("kind", "strong")
        self.score.setToolTip(self.tr("Score: the overlap to expect with a person's crop, in %"))
        self.picture = CropPicture()
        self.picture.clicked.connect(self.taken)
        self.note = secondary()
        self.note.setWordWrap(False)
        self.use = text_button(
            self.tr("Use this method"),
            self.tr("Let {0} propose the candidates").format(self.title.text()),
        )
        self.use.setCheckable(True)
        self.use.clicked.connect(self._choose)
        self._head, self._foot = QWidget(), QWidget()
        self._head_line = row(self.title, 1, self.score, spacing=2)
        self._head.setLayout(self._head_line)
        self._foot_line = row(self.note, self.use)
        self._foot_line.setStretch(0, 1)
        self._foot.setLayout(self._foot_line)
        self.body = QGridLayout(self)
        self.body.setContentsMargins(_MARGIN, 8, _MARGIN, _MARGIN)
        self.body.setVerticalSpacing(6)
        self.body.setHorizontalSpacing(_BESIDE_GAP)
        self.body.setRowStretch(1, 1)
        self.body.setColumnStretch(0, 1)
        self._place()
        self.wait(same_photo=False)

    def wait(self, same_photo: bool) -> None:
        """Its answer is on the way; a picture of the same photo stays, faded."""
        self.candidate = None
        self.picture.setEnabled(False)
        self.picture.set_in_hand(False)
        self.picture.set_stale(True)
        self.picture.show_message(self.tr("Looking …"))
        if not same_photo:
            self.picture.show_picture(None)
        self.score.setText("")
        self.note.setText("")
        self._name_picture(self.tr("looking for a crop"))

    def show_best(self, found: Suggestions, size: str) -> None:
        """Show the best crop of its method; ``size`` is that crop's in pixels."""
        if not found.candidates:
            self.show_trouble(self.tr("No crop of this shape"))
            return
        best = self.candidate = found.candidates[0]
        self.picture.setEnabled(True)
        score = "" if best.score is None else f"{best.score:.0f}"
        validity = validity_of(found, best)
        self.score.setText(score)
        self.note.setText(
            size if validity is None else self.tr("validity {0}").format(f"{validity:.2f}")
        )
        self.note.setToolTip(size)
        words = self.tr("score {0}").format(score) if score else size
        self._name_picture(self.tr("{0}. Take this crop").format(words))
        self.picture.setToolTip(self.tr("Take this crop"))

    def show_trouble(self, text: str) -> None:
        """Say why there is no crop."""
        self.picture.show_picture(None)
        self.picture.show_message(text)
        self._name_picture(text)

    def fits(self, width: int) -> bool:
        """Whether all words fit beside one another in a card of this width."""
        metrics = self.use.fontMetrics()
        words = (self.tr("Use this method"), self.tr("In use"))
        button = max(metrics.horizontalAdvance(text) for text in words) + 2 * theme.GAP_M + 4
        note = self.note.fontMetrics().horizontalAdvance(_LONGEST_SIZE)
        return note + theme.GAP_S + button + 2 * _MARGIN <= width

    def words_width(self) -> int:
        """How wide the words are where they stand beside the picture."""
        bold = QFontMetrics(theme.font(theme.SMALL, bold=True))
        plain, button = self.note.fontMetrics(), self.use.fontMetrics()
        uses = (self.tr("Use"), self.tr("In use"))
        return max(
            bold.horizontalAdvance(self.title.text()) + 4,
            plain.horizontalAdvance(_LONGEST_SIZE),
            *(button.horizontalAdvance(text) + 2 * theme.GAP_M + 4 for text in uses),
        )

    def arrange(self, narrow: bool, beside: int) -> None:
        """Whether there is room for a few words only, and how wide they are beside the picture.

        With 0 they stand above and below it.
        """
        if (narrow, beside) == (self._narrow, self._beside):
            return
        self._narrow, self._beside = narrow, beside
        side = 6 if narrow and not beside else _MARGIN
        self.body.setContentsMargins(side, 8, side, side)
        self.title.setProperty("narrow", narrow)
        theme.restyle(self.title)
        self._place()
        self.set_in_use(self.use.isChecked())

    def _place(self) -> None:
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head_line.setDirection(down if self._beside else across)
        self._foot_line.setDirection(down if self._narrow else across)
        words = 1 if self._beside else 0
        self.body.addWidget(self._head, 0, words)
        self.body.addWidget(self._foot, 2, words)
        if words:
            self.body.addWidget(self.picture, 0, 0, 3, 1)
        else:
            self.body.addWidget(self.picture, 1, 0)
        self.body.setColumnMinimumWidth(1, self._beside)

    def set_in_use(self, on: bool) -> None:
        """Whether its method proposes now."""
        self.use.setChecked(on)
        choose = self.tr("Use") if self._narrow else self.tr("Use this method")
        self.use.setText(self.tr("In use") if on else choose)

    def show_crop(self, crop: Crop) -> None:
        """Mark it where its crop is the one in hand."""
        self.picture.set_in_hand(self.candidate is not None and self.candidate.crop == crop)

    def _choose(self) -> None:
        if self.use.isChecked():
            self.chosen.emit()
        else:
            self.use.setChecked(True)

    def _name_picture(self, words: str) -> None:
        self.picture.setAccessibleName(f"{self.title.text()}: {words}")

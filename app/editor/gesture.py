"""What the person holds at this moment: a button, the crop of a drag, or a slider."""

from __future__ import annotations

from app.document.document import Edit
from app.document.open_photo import OpenPhoto
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo


class Gesture:
    """A gesture from press to release; :class:`app.editor.editor.Editor` alone changes it.

    Attributes:
        button_down: whether a button is down on the canvas or on a slider.
        live: the crop of the drag on its way; None where there is none.
        before: the edit at the press of the slider that is held; None where none is.
        photo, header: the photo that the slider changes, and its file at the press.
        anchor: the crop that the held slider refits to another aspect.
        quick: whether quick suggestions will do, until the slider rests or is released.
    """

    def __init__(self) -> None:
        self.drop()

    def drop(self) -> None:
        """Nothing is held."""
        self.button_down = False
        self.live: Crop | None = None
        self.before: Edit | None = None
        self.photo: OpenPhoto | None = None
        self.header: Photo | None = None
        self.anchor = Crop()
        self.quick = False

    def hold_slider(self, photo: OpenPhoto, quick: bool) -> None:
        """A slider was pressed that changes a photo."""
        self.button_down, self.quick = True, quick
        self.before, self.photo, self.header = photo.edit, photo, photo.header
        self.anchor = photo.anchor_of(photo.edit.crop)

    @property
    def is_under_way(self) -> bool:
        """Whether a drag or a slider is on its way; a mere press is not."""
        return self.live is not None or self.before is not None

    def crop_of(self, photo: OpenPhoto | None) -> Crop:
        """The crop in hand: the one being dragged, else that of the shown photo."""
        if self.live is not None:
            return self.live
        return photo.edit.crop if photo is not None else Crop()

"""What a person corrected of the heads that were found in a photo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cropcore.geometry.boxes import iou
from cropcore.geometry.crop import Box

_SAME = 0.4
"""IoU from which two boxes are one head: what is found moves a little when a photo is turned."""


@dataclass(frozen=True, slots=True)
class HeadCorrections:
    """Found heads that are ``dismissed`` as wrong, and missed ones that were ``drawn``.

    All boxes are fractions of the photo as its file has it upright, or all of one canvas.
    """

    dismissed: tuple[Box, ...] = ()
    drawn: tuple[Box, ...] = ()

    def applied(self, found: Iterable[Box]) -> tuple[Box, ...]:
        """The heads that there are: those ``found`` that were not dismissed, and those drawn."""
        return (*(head for head in found if not _among(head, self.dismissed)), *self.drawn)

    def dismissing(self, head: Box) -> HeadCorrections:
        """Without a head: one that was drawn is forgotten, one that was found is dismissed."""
        rest = tuple(drawn for drawn in self.drawn if not _among(drawn, (head,)))
        if rest != self.drawn:
            return replace(self, drawn=rest)
        return replace(self, dismissed=(*self.dismissed, head))

    def drawing(self, head: Box) -> HeadCorrections:
        """With a head that was missed; what was dismissed there is a head again."""
        kept = tuple(wrong for wrong in self.dismissed if not _among(wrong, (head,)))
        return HeadCorrections(kept, (*self.drawn, head))


NOTHING_CORRECTED = HeadCorrections()


def _among(head: Box, others: Sequence[Box]) -> bool:
    return any(float(iou(head, other)) >= _SAME for other in others)

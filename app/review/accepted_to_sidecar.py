"""Writes accepted review results to the sidecars of their photos."""

from __future__ import annotations

from app.document.edit import CropScore
from app.document.open_photo import OpenPhoto
from app.review.review_session import ReviewSession, rank_of
from app.sidecars.sidecar_sync import SidecarSync
from cropcore.batch.prior_edits import PERSON
from cropcore.batch.review_record import Verdict
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import Orientation

_Own = tuple[Crop, Orientation]


class AcceptedToSidecar:
    """Adds accepted crops to the sidecars of their photos, and removes them when acceptance is undone."""

    def __init__(self, sidecar_sync: SidecarSync) -> None:
        self._sidecar_sync = sidecar_sync
        self._kept: dict[int, _Own] = {}

    def follow(self, review: ReviewSession) -> None:
        """Keep what is accepted in a review from now on, and what was in an earlier run."""
        # A lambda holds both for as long as they live together.
        review.verdict_given.connect(lambda photo, verdict: self._ruled(review, photo, verdict))
        for photo, verdict in review.verdicts():
            if verdict.crop_id and verdict.crop is not None:
                self._kept[photo.key] = (verdict.crop, verdict.orientation)
            self._ruled(review, photo, verdict)

    def _ruled(self, review: ReviewSession, photo: OpenPhoto, verdict: Verdict) -> None:
        wanted: _Own | None = None
        if verdict.accepted and verdict.crop is not None:
            wanted = (verdict.crop, verdict.orientation)
        if wanted == self._kept.get(photo.key):
            return
        if wanted is None:
            crop, orientation = self._kept.pop(photo.key)
            self._sidecar_sync.drop_crop(photo.path, verdict.crop_id, crop, orientation)
            review.note_kept(photo, "")
            return
        self._kept[photo.key] = wanted
        rank = rank_of(photo)
        found = photo.suggestion_state.suggestions
        if rank is not None and found is not None and found.method == PERSON:
            return  # it was the person's own before the batch, and is kept already
        crop_id = self._sidecar_sync.keep_crop(
            photo.path,
            verdict.crop or Crop(),
            photo.edit.aspect,
            verdict.orientation,
            _crop_score(photo, rank),
            rank,
            photo.edit.tightness,
            verdict.crop_id,
        )
        review.note_kept(photo, crop_id)


def _crop_score(photo: OpenPhoto, rank: int | None) -> CropScore | None:
    """What was said of the candidate that the crop equals."""
    found = photo.current_suggestions
    if rank is None or found is None:
        return None
    candidate = found.candidates[rank - 1]
    if candidate.score is None:
        return None
    sure = found.confidence if rank == 1 else None
    return CropScore(candidate.crop, found.method, candidate.score, sure)

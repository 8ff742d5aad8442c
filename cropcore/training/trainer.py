"""The training loop: one network, one recipe, some folds; resumable and repeatable."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from cropcore.annotations import Labels
from cropcore.encoder import Encoder
from cropcore.errors import AnnotationError
from cropcore.heads.saliency import SaliencyHead
from cropcore.training.network import Inputs, Network, uses_cache
from cropcore.training.recipes import Recipe
from cropcore.training.samples import crop_batch, fixation_density
from cropcore.training.sources import Photos, Progress, Source
from cropcore.training.views import View, ViewPlan

CLIP = 5.0
WARM_UP = 0.15
GAZE_SHARE = 0.4
"""Share of the photos with fixations that an epoch of crop training shows."""

Batch = tuple[Inputs, list[tuple[Labels, View]]]


class Trainer:
    """Trains ``network`` on the given folds and keeps a checkpoint and the curves in ``folder``.

    ``gaze`` is the head to begin with, or to look at where the recipe does not train it.
    """

    def __init__(
        self,
        recipe: Recipe,
        encoder: Encoder,
        sources: list[Source],
        folds: Collection[int],
        folder: Path,
        cache: Path,
        progress: Progress = lambda done, total, text: None,
        gaze: SaliencyHead | None = None,
    ) -> None:
        self.recipe, self.folder, self.progress = recipe, folder, progress
        kept = (copy.deepcopy(encoder).eval(), cache) if uses_cache(recipe) else None
        reference = recipe.asm_saliency == "spectral_residual" and "asm" in recipe.heads
        self._crops = Photos(sources, self._teaches_crops, recipe.views, kept, reference, progress)
        plain = ViewPlan(windows=0, seed=recipe.views.seed)
        self._gaze = Photos(sources, self._teaches_gaze, plain, kept, progress=progress)
        self._crop_photos = self._crops.in_folds(folds)
        self._gaze_photos = self._gaze.in_folds(folds)
        if not self._crop_photos and not self._gaze_photos:
            raise AnnotationError(
                "the data", "holds no photo with the labels that this recipe learns from."
            )
        torch.manual_seed(recipe.seed)
        self.network = Network(recipe, encoder)
        if gaze is not None:
            self.network.saliency.load_state_dict(gaze.state_dict())
        self.average = copy.deepcopy(self.network)
        self._optimizer = self._make_optimizer()
        self._rng = np.random.default_rng(recipe.seed)
        self._step = self._epoch = 0

    def run(self, resume: bool = False) -> Network:
        """Train to the end; returns the averaged network in evaluation mode."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if resume:
            self._restore()
        else:
            (self.folder / "curves.jsonl").unlink(missing_ok=True)
        while self._epoch < self.recipe.epochs:
            start = time.perf_counter()
            losses = self._one_epoch()
            self._epoch += 1
            self._checkpoint()
            row = {"epoch": self._epoch, "seconds": round(time.perf_counter() - start, 1), **losses}
            with (self.folder / "curves.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            self.progress(self._epoch, self.recipe.epochs, "epochs")
        return self.average.eval()

    def _teaches_crops(self, labels: Labels) -> bool:
        if not {"gaic", "asm"} & set(self.recipe.heads):
            return False
        if self.recipe.objective == "choices":
            return labels.best_crop is not None or bool(labels.pairs)
        return bool(labels.mos)

    def _teaches_gaze(self, labels: Labels) -> bool:
        return "saliency" in self.recipe.heads and bool(labels.fixations)

    def _one_epoch(self) -> dict[str, float]:
        self.network.train()
        total = self._steps_per_epoch()
        sums: dict[str, list[float]] = {}
        batch = self.recipe.batch
        gaze_count = len(self._gaze_photos)
        if self._crop_photos:
            gaze_count = round(gaze_count * GAZE_SHARE)
        shown = self._rng.permutation(self._gaze_photos)[:gaze_count]
        gaze = self._gaze.epoch([int(i) for i in shown], batch, self._rng)
        crops = self._crops.epoch(self._crop_photos, batch, self._rng)
        for done, (seen, fixated) in enumerate(_side_by_side(crops, gaze), 1):
            losses: dict[str, Tensor] = {}
            if seen is not None:
                labels = crop_batch(seen[1], self.recipe, self._rng)
                losses |= self.network.crop_losses(seen[0], labels)
            if fixated is not None:
                losses |= self.network.gaze_losses(fixated[0], _fixations(fixated))
            self._update(sum(losses.values(), torch.zeros(())))
            for name, value in losses.items():
                sums.setdefault(name, []).append(float(value.detach()))
            self.progress(done, max(done, total), f"epoch {self._epoch + 1}")
        return {name: round(float(np.mean(values)), 5) for name, values in sums.items()}

    def _update(self, loss: Tensor) -> None:
        for group, rate in zip(self._optimizer.param_groups, self._rates(), strict=True):
            group["lr"] = rate
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self._optimizer.step()
        self._step += 1
        # A short memory at first, or the average would remember the untrained weights.
        decay = min(self.recipe.average, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            for kept, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                if now.requires_grad:
                    kept.lerp_(now, 1 - decay)

    def _make_optimizer(self) -> torch.optim.AdamW:
        heads = [p for p in self._head_parameters() if p.requires_grad]
        encoder = [p for p in self.network.encoder.parameters() if p.requires_grad]
        groups = [{"params": heads, "lr": self.recipe.rate}]
        if encoder:
            groups.append({"params": encoder, "lr": self.recipe.encoder_rate})
        return torch.optim.AdamW(groups, betas=(0.9, 0.99), weight_decay=self.recipe.weight_decay)

    def _head_parameters(self) -> Iterator[nn.Parameter]:
        for name, module in self.network.named_children():
            if name != "encoder":
                yield from module.parameters()

    def _rates(self) -> tuple[float, ...]:
        peaks = (self.recipe.rate, self.recipe.encoder_rate)[: len(self._optimizer.param_groups)]
        if self.recipe.constant_rate:
            return peaks
        total = self._steps_per_epoch() * self.recipe.epochs
        at = min(self._step / max(total, 1), 1.0)
        if at < WARM_UP:
            factor = 0.04 + 0.96 * (1 - np.cos(np.pi * at / WARM_UP)) / 2
        else:
            factor = (1 + np.cos(np.pi * (at - WARM_UP) / (1 - WARM_UP))) / 2
        return tuple(float(peak * factor) for peak in peaks)

    def _steps_per_epoch(self) -> int:
        """About how many steps an epoch has; rare shapes make a few more, smaller batches."""
        photos = len(self._crop_photos) or len(self._gaze_photos)
        return max(round(photos / self.recipe.batch * 1.08), 1)

    def _checkpoint(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "torch_rng": torch.get_rng_state(),
        }
        temporary = self.folder / "checkpoint.tmp"
        torch.save(state, temporary)
        temporary.replace(self.folder / "checkpoint.pt")
        progress = {
            "recipe": repr(self.recipe),
            "epoch": self._epoch,
            "step": self._step,
            "rng": self._rng.bit_generator.state,
        }
        (self.folder / "checkpoint.json").write_text(json.dumps(progress), encoding="utf-8")

    def _restore(self) -> None:
        """Go on from the last checkpoint of the same recipe, if there is one."""
        at = self.folder / "checkpoint.json"
        if not at.exists():
            return
        progress = json.loads(at.read_text(encoding="utf-8"))
        if progress["recipe"] != repr(self.recipe):
            raise AnnotationError(at, "is of another recipe.", "Choose another --out folder.")
        state = torch.load(self.folder / "checkpoint.pt", weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["torch_rng"])
        self._rng.bit_generator.state = progress["rng"]
        self._epoch, self._step = progress["epoch"], progress["step"]


def _side_by_side(
    crops: Iterator[Batch], gaze: Iterator[Batch]
) -> Iterator[tuple[Batch | None, Batch | None]]:
    """Steps with a batch of each kind until both have run out."""
    while True:
        pair = next(crops, None), next(gaze, None)
        if pair == (None, None):
            return
        yield pair


def _fixations(batch: Batch) -> Tensor:
    inputs, photos = batch
    scale = 1 if inputs.cached else 8
    height, width = (side // scale for side in inputs.tensor.shape[-2:])
    return torch.from_numpy(
        np.stack([fixation_density(labels, view, height, width) for labels, view in photos])
    )

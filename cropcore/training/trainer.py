"""Training loop: one network, one recipe, some folds; resumable and deterministic."""

from __future__ import annotations

import copy
import io
import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from cropcore.errors import AnnotationError
from cropcore.files.atomic_write import write_at
from cropcore.models.encoder import Encoder
from cropcore.models.saliency import SaliencyHead
from cropcore.training.network import Inputs, Network, uses_cache
from cropcore.training.photo_batches import LabelledFolder, Photos, Progress
from cropcore.training.recipe import Recipe
from cropcore.training.tasks import Seen, Step, Task, Teacher, tasks_of

CHECKPOINT = "checkpoint.pt"
CURVES = "curves.jsonl"
CLIP = 5.0


@dataclass(frozen=True, eq=False, slots=True)
class TaskPhotos:
    """A task with its photos, and which of them are trained on."""

    task: Task
    photos: Photos
    members: list[int]


class Trainer:
    """Trains ``network`` on the given folds and keeps a checkpoint and the curves in ``folder``.

    ``gaze`` is the head to begin with, or to look at where the recipe does not train it; ``teacher``
    is wanted by recipes that learn from one.
    """

    def __init__(
        self,
        recipe: Recipe,
        encoder: Encoder,
        sources: list[LabelledFolder],
        folds: Collection[int],
        folder: Path,
        cache: Path,
        progress: Progress = lambda done, total, text: None,
        gaze: SaliencyHead | None = None,
        teacher: Teacher | None = None,
    ) -> None:
        self.recipe, self.folder, self.progress = recipe, folder, progress
        kept = (copy.deepcopy(encoder).eval(), cache) if uses_cache(recipe) else None
        reference = recipe.asm_saliency == "spectral_residual" and "asm" in recipe.heads
        lessons = []
        for task in tasks_of(recipe, teacher):
            photos = Photos(
                sources,
                task.wants,
                task.views,
                kept,
                reference,
                recipe.wants_layer_maps,
                progress,
            )
            lessons.append(TaskPhotos(task, photos, photos.in_folds(folds)))
        self._lessons = [lesson for lesson in lessons if lesson.members]
        if not any(lesson.task.labelled for lesson in self._lessons):
            raise AnnotationError(
                "the data", "holds no photo with the labels that this recipe learns from."
            )
        torch.manual_seed(recipe.seed)
        self.network = Network(recipe, encoder)
        if gaze is not None:
            self.network.saliency.load_state_dict(gaze.state_dict())
        self.average = copy.deepcopy(self.network).eval()
        self._optimizer = self._make_optimizer()
        self._peaks = [group["lr"] for group in self._optimizer.param_groups]
        self._rng = np.random.default_rng(recipe.seed)
        self._step = self._epoch = 0

    def run(self, resume: bool = False) -> Network:
        """Train to the end; returns the averaged network in evaluation mode."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if resume:
            self._restore()
        else:
            (self.folder / CURVES).unlink(missing_ok=True)
        while self._epoch < self.recipe.epochs:
            start = time.perf_counter()
            losses = self._one_epoch()
            self._epoch += 1
            self._checkpoint()
            row = {"epoch": self._epoch, "seconds": round(time.perf_counter() - start, 1), **losses}
            with (self.folder / CURVES).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            self.progress(self._epoch, self.recipe.epochs, "epochs")
        return self.average.eval()

    def _one_epoch(self) -> dict[str, float]:
        self.network.train()
        total = self._steps_per_epoch()
        sums: dict[str, list[float]] = {}
        batches = [
            lesson.photos.epoch(self._shown(i), self.recipe.batch, self._rng)
            for i, lesson in enumerate(self._lessons)
        ]
        done = 0
        while any(found := [next(part, None) for part in batches]):
            losses: dict[str, Tensor] = {}
            for lesson, batch in zip(self._lessons, found, strict=True):
                if batch is not None:
                    losses |= lesson.task.losses(self._lesson_step(*batch))
            if losses:
                self._update(sum(losses.values(), torch.zeros(())))
            for name, value in losses.items():
                sums.setdefault(name, []).append(float(value.detach()))
            done += 1
            self.progress(done, max(done, total), f"epoch {self._epoch + 1}")
        return {name: round(float(np.mean(values)), 5) for name, values in sums.items()}

    def _shown(self, index: int) -> list[int]:
        """The photos that an epoch shows: all of the leading lesson, a share of the others."""
        lesson = self._lessons[index]
        if index == 0 or lesson.task.share is None:
            return lesson.members
        count = round(len(lesson.members) * lesson.task.share)
        return [int(i) for i in self._rng.permutation(lesson.members)[:count]]

    def _lesson_step(self, inputs: Inputs, photos: list[Seen]) -> Step:
        return Step(self.network, self.average, inputs, photos, self._rng, self._passed())

    def _update(self, loss: Tensor) -> None:
        factor = self.recipe.rate_at(self._passed())
        for group, peak in zip(self._optimizer.param_groups, self._peaks, strict=True):
            group["lr"] = peak * factor
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self._optimizer.step()
        self._step += 1
        # A small decay at first, so that the average forgets the untrained weights.
        decay = min(self.recipe.average, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            for kept, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                if now.requires_grad:
                    kept.lerp_(now, 1 - decay)

    def _make_optimizer(self) -> torch.optim.Optimizer:
        """Heads and encoder have rates of their own, parameters may have decays of their own."""
        recipe = self.recipe
        groups: dict[tuple[float, float], list[nn.Parameter]] = {}
        for name, parameter in self.network.named_parameters():
            if parameter.requires_grad and not name.startswith("encoder."):
                groups.setdefault((recipe.rate, recipe.decay_of(name)), []).append(parameter)
        encoder = [p for p in self.network.encoder.parameters() if p.requires_grad]
        made = [{"params": p, "lr": r, "weight_decay": d} for (r, d), p in groups.items()]
        if encoder:
            rate, decay = recipe.encoder_rate, recipe.weight_decay
            made.append({"params": encoder, "lr": rate, "weight_decay": decay})
        kind = torch.optim.Adam if recipe.coupled_decay else torch.optim.AdamW
        return kind(made, betas=(0.9, 0.99))

    def _passed(self) -> float:
        """Share of the training that is done, in [0, 1]."""
        return min(self._step / (self._steps_per_epoch() * self.recipe.epochs), 1.0)

    def _steps_per_epoch(self) -> int:
        """About how many steps an epoch has; rare shapes make a few more, smaller batches."""
        photos = len(self._lessons[0].members)
        return max(round(photos / self.recipe.batch * 1.08), 1)

    def _checkpoint(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "torch_rng": torch.get_rng_state(),
            "recipe": repr(self.recipe),
            "epoch": self._epoch,
            "step": self._step,
            "rng": json.dumps(self._rng.bit_generator.state),
        }
        content = io.BytesIO()
        torch.save(state, content)
        write_at(self.folder / CHECKPOINT, content.getvalue(), replace=True)

    def _restore(self) -> None:
        """Go on from the last checkpoint of the same recipe, if there is one."""
        at = self.folder / CHECKPOINT
        if not at.exists():
            return
        try:
            state = torch.load(at, weights_only=True)
        except OSError:
            raise
        except Exception as error:  # anything, from KeyError to RuntimeError, on damaged data
            raise AnnotationError(at, "is damaged.", "Remove it to begin anew.") from error
        if state["recipe"] != repr(self.recipe):
            raise AnnotationError(at, "is of another recipe.", "Choose another --out folder.")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["torch_rng"])
        self._rng.bit_generator.state = json.loads(state["rng"])
        self._epoch, self._step = state["epoch"], state["step"]

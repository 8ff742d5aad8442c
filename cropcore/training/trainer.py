"""Training loop: one network, one recipe, some folds; resumable, deterministic, on one or more processes."""

from __future__ import annotations

import copy
import io
import json
import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from cropcore.errors import AnnotationError
from cropcore.files.atomic_write import write_at
from cropcore.models.encoder import Encoder
from cropcore.models.saliency import SaliencyHead
from cropcore.training import processes
from cropcore.training.augmentation import ViewPlan
from cropcore.training.curves_picture import draw_curves
from cropcore.training.network import Inputs, Network, uses_cache
from cropcore.training.photo_batches import LabelledFolder, Photos, Progress
from cropcore.training.recipe import Recipe
from cropcore.training.tasks import Seen, Step, Task, Teacher, tasks_of
from cropcore.training.validation import can_judge, judged, validation_figure

CHECKPOINT = "checkpoint.pt"
CURVES = "curves.jsonl"
PICTURE = "curves.png"
BETWEEN_PICTURES = 60.0
"""Seconds between two pictures of the curves, besides the one at the end."""


@dataclass(frozen=True, eq=False, slots=True)
class TaskPhotos:
    """A task with its photos, and which of them are trained on."""

    task: Task
    photos: Photos
    members: list[int]


@dataclass(frozen=True, eq=False, slots=True)
class Best:
    """The best epoch so far: its figure, its number, and the weights then."""

    figure: float
    epoch: int
    state: Mapping[str, Tensor]


class Lessons(nn.Module):
    """The losses of a step as one module, which is what gradients are summed over processes for."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, steps: Sequence[tuple[Task, Step]]) -> dict[str, Tensor]:
        """Weighted losses by name of some tasks."""
        losses: dict[str, Tensor] = {}
        for task, step in steps:
            losses |= task.losses(step)
        return losses


class Trainer:
    """Trains ``network`` on the given folds and keeps a checkpoint and the curves in ``folder``.

    ``gaze`` is the head to begin with, or to look at where the recipe does not train it; ``teacher``
    is wanted by recipes that learn from one. ``validation`` photos give a figure each epoch. Where several
    processes are joined, each of them has a trainer with the same arguments, and the first writes.
    """

    def __init__(
        self,
        recipe: Recipe,
        encoder: Encoder,
        sources: Sequence[LabelledFolder],
        folds: Collection[int],
        folder: Path,
        cache: Path,
        progress: Progress = lambda done, total, text: None,
        gaze: SaliencyHead | None = None,
        teacher: Teacher | None = None,
        validation: Sequence[LabelledFolder] = (),
        device: str = "cpu",
    ) -> None:
        self.recipe, self.folder = recipe, folder
        self._first = processes.rank() == 0
        self.progress = progress if self._first else lambda done, total, text: None
        place = torch.device(device)
        dtype = torch.float64 if recipe.double else torch.float32
        kept = (copy.deepcopy(encoder).eval(), cache) if uses_cache(recipe) else None
        reference = recipe.asm_saliency == "spectral_residual" and "asm" in recipe.heads
        made = partial(
            Photos,
            cache=kept,
            reference_saliency=reference,
            layer_maps=recipe.wants_layer_maps,
            progress=self.progress,
            sides=recipe.sides,
        )
        if not self._first:  # what is cached is made by the first
            processes.wait_for_all()
        lessons = []
        for task in tasks_of(recipe, teacher):
            photos = made(sources, task.wants, task.views, scales=recipe.scales)
            lessons.append(TaskPhotos(task, photos, photos.in_folds(folds)))
        self._lessons = [lesson for lesson in lessons if lesson.members]
        self._judges = made(validation, lambda x: can_judge(x, recipe), ViewPlan(windows=0))
        if self._first:
            processes.wait_for_all()
        if not any(lesson.task.labelled for lesson in self._lessons):
            raise AnnotationError(
                "the data", "holds no photo with the labels that this recipe learns from."
            )
        torch.manual_seed(recipe.seed)
        self.network = Network(recipe, encoder)
        if gaze is not None:
            self.network.saliency.load_state_dict(gaze.state_dict())
        self.network.to(place, dtype)
        if teacher is not None:
            teacher.to(place, dtype)
        self.average = copy.deepcopy(self.network).eval()
        self._lessons_of_step = self._joined(Lessons(self.network), place)
        self._optimizer = self._make_optimizer()
        self._peaks = [group["lr"] for group in self._optimizer.param_groups]
        self._rng = np.random.default_rng(recipe.seed)
        self._step = self._epoch = 0
        self._part = 0.0
        self._time_left = ""
        self._drawn = time.perf_counter()
        self.best: Best | None = None

    @property
    def judged_photos(self) -> int:
        """How many validation photos give the figure of each epoch."""
        return len(self._judges)

    def run(self, resume: bool = False) -> Network:
        """Train to the end; returns the averaged network in evaluation mode.

        That is the network of the best epoch, where the recipe keeps it and there are validation photos.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if resume:
            self._restore()
        elif self._first:
            (self.folder / CURVES).unlink(missing_ok=True)
        begun, before = time.perf_counter(), self._epoch
        while self._epoch < self.recipe.epochs:
            start = time.perf_counter()
            losses = self._one_epoch()
            self._epoch += 1
            figures = self._judge()
            self._checkpoint()
            if self._first:
                seconds = round(time.perf_counter() - start, 1)
                self._note({"epoch": self._epoch, "seconds": seconds, **losses, **figures})
            spent = time.perf_counter() - begun
            left = spent / (self._epoch - before) * (self.recipe.epochs - self._epoch)
            self._time_left = f", {duration(left)} left"
            self.progress(self._epoch, self.recipe.epochs, "epochs")
            processes.wait_for_all()
        if self.best is not None and self.recipe.keep_best:
            self.average.load_state_dict(self.best.state)
        return self.average.eval()

    def _note(self, row: dict[str, Any]) -> None:
        with (self.folder / CURVES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        now = time.perf_counter()
        if self._epoch == self.recipe.epochs or now > self._drawn + BETWEEN_PICTURES:
            draw_curves(self.folder / CURVES, self.folder / PICTURE)
            self._drawn = now

    def _one_epoch(self) -> dict[str, float]:
        self.network.train()
        sums: dict[str, list[float]] = {}
        batches = [
            lesson.photos.epoch(self._shown(i), self.recipe.batch, self._rng)
            for i, lesson in enumerate(self._lessons)
        ]
        total = max(map(len, batches))
        parts = [iter(part) for part in batches]
        done, start = 0, time.perf_counter()
        while any(found := [next(part, None) for part in parts]):
            self._part = done / total
            steps = [
                (lesson.task, self._lesson_step(*batch))
                for lesson, batch in zip(self._lessons, found, strict=True)
                if batch is not None
            ]
            losses = self._lessons_of_step(steps)
            if losses:
                zero = torch.zeros((), device=self.network.device)
                self._update(sum(losses.values(), zero))
            for name, value in losses.items():
                sums.setdefault(name, []).append(float(value.detach()))
            done += 1
            left = self._time_left
            if not left:  # of the first epoch alone, as the others are not known yet
                spent = time.perf_counter() - start
                whole = spent / done * total * self.recipe.epochs
                left = f", {duration(whole - spent)} left"
            self.progress(done, max(done, total), f"epoch {self._epoch + 1}{left}")
        self._part = 0.0
        means = [float(np.mean(values)) for values in sums.values()]
        if processes.together():  # each has its part of every loss
            means = processes.summed(torch.tensor(means, device=self.network.device)).tolist()
        return {name: round(value, 5) for name, value in zip(sums, means, strict=True)}

    def _shown(self, index: int) -> list[int]:
        """The photos that an epoch shows: all of the leading lesson, a share of the others."""
        lesson = self._lessons[index]
        if index == 0 or lesson.task.share is None:
            return lesson.members
        count = round(len(lesson.members) * lesson.task.share)
        return [int(i) for i in self._rng.permutation(lesson.members)[:count]]

    def _lesson_step(self, inputs: Inputs, photos: list[Seen]) -> Step:
        sent = inputs.to(self.network.device, self.network.dtype)
        return Step(self.network, self.average, sent, photos, self._rng, self._passed())

    def _update(self, loss: Tensor) -> None:
        factor = self.recipe.rate_at(self._passed())
        for group, peak in zip(self._optimizer.param_groups, self._peaks, strict=True):
            group["lr"] = peak * factor
        self._optimizer.zero_grad()
        # Gradients are averaged over processes, whose parts of a loss are to be added.
        (loss * processes.count() if processes.together() else loss).backward()
        if self.recipe.clip:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        self._optimizer.step()
        self._step += 1
        # A small decay at first, so that the average forgets the untrained weights.
        decay = min(self.recipe.average, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            for kept, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                if now.requires_grad:
                    kept.lerp_(now, 1 - decay)
            if self.network.live:
                both = zip(self.average.buffers(), self.network.buffers(), strict=True)
                for statistic, seen in both:
                    statistic.copy_(seen)

    def _joined(self, lessons: Lessons, device: torch.device) -> nn.Module:
        """The module whose gradients are those of all processes."""
        if not processes.together():
            return lessons
        cards = [device] if device.type == "cuda" else None
        return DistributedDataParallel(
            lessons,
            device_ids=cards,
            broadcast_buffers=self.network.live,
            find_unused_parameters=True,
        )

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
        kind = torch.optim.Adam if recipe.adam else torch.optim.AdamW
        return kind(made, betas=recipe.betas)

    def _passed(self) -> float:
        """Share of the training that is done, in [0, 1].

        As the papers count, in whole epochs and what is done of this one; of other recipes in steps.
        """
        if self.recipe.as_in_paper:
            return (self._epoch + self._part) / self.recipe.epochs
        return min(self._step / (self._steps_per_epoch() * self.recipe.epochs), 1.0)

    def _steps_per_epoch(self) -> int:
        """About how many steps an epoch has; rare shapes make a few more, smaller batches."""
        photos = len(self._lessons[0].members)
        return max(round(photos / self.recipe.batch * 1.08), 1)

    def _judge(self) -> dict[str, float]:
        """The figure of this epoch, by the first process alone; it keeps the weights of the best one.

        Of equal epochs it keeps the later one.
        """
        name = judged(self.recipe)
        if not self._first or name is None or not len(self._judges):
            return {}
        self.average.eval()
        figure = validation_figure(self.average, self._judges, self.recipe.batch)
        if math.isnan(figure):
            return {}
        if self.best is None or figure >= self.best.figure:
            state = {k: v.detach().cpu().clone() for k, v in self.average.state_dict().items()}
            self.best = Best(figure, self._epoch, state)
        return {f"validation.{name}": round(figure, 5)}

    def _checkpoint(self) -> None:
        if not self._first:
            return
        keeps = self.best is not None and self.recipe.keep_best
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "torch_rng": torch.get_rng_state(),
            "recipe": repr(self.recipe),
            "epoch": self._epoch,
            "step": self._step,
            "rng": json.dumps(self._rng.bit_generator.state),
            "best": None
            if self.best is None
            else (self.best.figure, self.best.epoch, dict(self.best.state) if keeps else {}),
        }
        content = io.BytesIO()
        torch.save(state, content)
        write_at(self.folder / CHECKPOINT, content.getvalue(), replace=True)

    def _restore(self) -> None:
        """Go on from the last checkpoint of the same recipe, if there is one.

        It does not matter how many processes wrote it, or where they computed.
        """
        at = self.folder / CHECKPOINT
        if not at.exists():
            return
        try:
            state = torch.load(at, weights_only=True, map_location="cpu")
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
        if state.get("best") is not None:
            self.best = Best(*state["best"])


def duration(seconds: float) -> str:
    """A time for a person: such as 40 s, 12 min, 3 h 20 min."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{max(round(seconds), 0)} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"

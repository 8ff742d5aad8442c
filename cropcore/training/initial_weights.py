"""Initial weights of a training run: encoder, saliency head, and a teacher."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from cropcore.errors import CropsightError
from cropcore.models.encoder import Encoder
from cropcore.models.gaic import GaicConfig, GaicHead
from cropcore.models.saliency import SaliencyHead
from cropcore.models.trunks import TRUNKS, layers_of, untrained
from cropcore.models.weights import WeightsRecord, load_weights, read_record
from cropcore.training.recipe import Recipe
from cropcore.training.tasks import Teacher


def starting_encoder(path: Path | None, trunk: str = "mobilenet_v2") -> Encoder:
    """The encoder of a weights file, or torchvision's ImageNet weights where ``path`` is None.

    A ``.pth`` file holds torchvision's own state dict of the trunk's model, with or without classifier.

    Raises:
        CropsightError: the file does not fit, or the download failed.
    """
    encoder = Encoder(trunk)
    if path is not None and path.suffix == ".safetensors":
        load_weights(encoder, read_record(path.stem, path.parent), path.parent)
        return encoder
    model = TRUNKS[trunk].model
    try:
        if path is None:
            from torchvision.models import get_model_weights

            state = get_model_weights(model).IMAGENET1K_V1.get_state_dict(progress=False)
        else:
            state = torch.load(path, weights_only=True, map_location="cpu")
        if trunk == "mobilenet_v2":
            encoder.load_state_dict({k: v for k, v in state.items() if k.startswith("features.")})
        else:
            encoder.features = _of_torchvision(trunk, state)
    except Exception as error:  # anything, from KeyError to RuntimeError, on a file of another kind
        name = "The ImageNet weights" if path is None else path.name
        reason = str(error) if isinstance(error, OSError) else "its layers are others"
        raise CropsightError(
            "{name} cannot be used as an encoder ({reason}). Give --encoder a "
            "file of torchvision's {model} (IMAGENET1K_V1).",
            name=name,
            reason=reason,
            model=model,
        ) from error
    return encoder


def _of_torchvision(trunk: str, state: dict[str, Tensor]) -> nn.Sequential:
    """The layers of a trunk with the weights of torchvision's model; its classifier may be missing.

    Raises:
        RuntimeError: other weights are missing, or there are some that do not fit.
    """
    model = untrained(trunk)
    missing, odd = model.load_state_dict(state, strict=False)
    if odd or any(not name.startswith(("classifier.", "fc.")) for name in missing):
        raise RuntimeError(f"{len(missing)} layers are missing, {len(odd)} are others")
    return layers_of(trunk, model)


def starting_gaze(recipe: Recipe, encoder: Path | None) -> SaliencyHead | None:
    """The gaze head beside the encoder's file, for a recipe that looks at gaze and does not teach it.

    Raises:
        CropsightError: there is none, or it was trained on another encoder.
    """
    if not recipe.looks_at_gaze or "saliency" in recipe.heads:
        return None
    record, folder = _beside(encoder, "saliency", "looks at gaze")
    head = SaliencyHead()
    load_weights(head, record, folder)
    return head


def starting_teacher(recipe: Recipe, encoder: Path | None) -> Teacher | None:
    """The gaic head beside the encoder's file, for a recipe that learns from one.

    Being trained on the same folds as the encoder, it has not seen the photos that are left out.

    Raises:
        CropsightError: there is none, or it was trained on another encoder.
    """
    if not recipe.wants_teacher:
        return None
    record, folder = _beside(encoder, "gaic", "learns from gaic")
    head = GaicHead(GaicConfig(**record.config))
    load_weights(head, record, folder)
    return Teacher(head)


def _beside(encoder: Path | None, name: str, why: str) -> tuple[WeightsRecord, Path]:
    if encoder is None or encoder.suffix != ".safetensors":
        raise CropsightError(
            "This recipe {why}: give --encoder an encoder.safetensors that has "
            "{name}.safetensors beside it, or train joint.",
            why=why,
            name=name,
        )
    record = read_record(name, encoder.parent)
    if record.encoder_sha256 != read_record(encoder.stem, encoder.parent).sha256:
        raise CropsightError(
            "The {name} weights beside {file} are of another encoder.", name=name, file=encoder.name
        )
    return record, encoder.parent

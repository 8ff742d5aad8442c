"""Sample photos, drawn by code.

Each is a small scene with one clear subject off the middle and room to cut away.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Canvas = NDArray[np.float32]

WIDTH, HEIGHT = 1920, 1280
_GRAIN = 0.012


def sample_names() -> tuple[str, ...]:
    """What the sample photos are called."""
    return tuple(_SCENES)


def write_samples(folder: Path, names: Collection[str] = ()) -> Iterator[Path]:
    """Paths of these sample photos, or of all, each as soon as it is there; missing ones are painted.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, paint in _SCENES.items():
        if names and name not in names:
            continue
        path = folder / f"{name}.jpg"
        if not path.exists():
            _save(paint(), path)
        yield path


def _save(pixels: Canvas, path: Path) -> None:
    rng = np.random.default_rng(7)
    grain = rng.normal(0, _GRAIN, pixels.shape[:2]).astype(np.float32)[..., None]
    image = Image.fromarray((np.clip(pixels + grain, 0, 1) * 255).astype(np.uint8))
    partial = path.with_suffix(".part")
    image.save(partial, "JPEG", quality=92)
    partial.replace(path)


def _colour(text: str) -> NDArray[np.float32]:
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def _grid() -> tuple[Canvas, Canvas]:
    """x from 0 to 1.5 and y from 0 to 1, so that circles are round."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32) / HEIGHT
    return x, y


def _gradient(*stops: tuple[float, str]) -> Canvas:
    """A vertical gradient over the whole picture."""
    y = np.linspace(0, 1, HEIGHT, dtype=np.float32)
    places = [stop[0] for stop in stops]
    colours = np.array([_colour(stop[1]) for stop in stops])
    line = np.stack([np.interp(y, places, colours[:, i]) for i in range(3)], -1)
    return np.repeat(line[:, None].astype(np.float32), WIDTH, axis=1)


def _lay(over: Canvas, mask: Canvas, colour: str | Canvas) -> Canvas:
    """A colour or a picture over another where ``mask`` (0 to 1) says so."""
    value = _colour(colour) if isinstance(colour, str) else colour
    share = np.clip(mask, 0, 1)[..., None]
    return (over * (1 - share) + value * share).astype(np.float32)


def _soft(distance: Canvas, width: float = 0.0015) -> Canvas:
    """1 where ``distance`` is negative, 0 where positive, with a soft edge between."""
    return np.clip(0.5 - distance / (2 * width), 0, 1)


def _ridge(x: Canvas, seed: int, base: float, height: float, rough: int = 7) -> Canvas:
    """The skyline of a range of hills over one row of x."""
    rng = np.random.default_rng(seed)
    line = np.full_like(x, base)
    for octave in range(rough):
        frequency = 1.3 * 2**octave
        line -= height / 1.9**octave * np.sin(x * frequency * math.tau / 2 + rng.uniform(0, 9))
    return line


def _evening() -> Canvas:
    """A sun low over blue ridges, a lone tree in front."""
    x, y = _grid()
    picture = _gradient(
        (0, "#26406B"), (0.35, "#7A84A8"), (0.5, "#E3A987"), (0.62, "#F7D3A0"), (1, "#F7D3A0")
    )
    sun = np.hypot(x - 1.02, y - 0.47)
    picture = _lay(picture, 0.75 * np.exp(-((sun / 0.22) ** 2)), "#FFE9BF")
    picture = _lay(picture, _soft(sun - 0.045, 0.003), "#FFF6DF")
    layers = ((3, 0.56, 0.035, "#A58FA3"), (8, 0.64, 0.045, "#75708F"), (5, 0.75, 0.05, "#3F4C6C"))
    for seed, base, height, colour in layers:
        picture = _lay(picture, _soft(_ridge(x[:1], seed, base, height) - y), colour)
        picture = _lay(picture, 0.10 * np.exp(-(((y - base - 0.1) / 0.06) ** 2)), "#F7D3A0")
    ground = 0.9 + 0.03 * np.sin(x[:1] * 2.1 + 0.4)
    picture = _lay(picture, _soft(ground - y), "#141B2A")
    trunk = np.abs(x - 0.46 - 0.01 * np.sin(y * 14)) - (0.006 + 0.012 * np.clip(y - 0.66, 0, 1))
    picture = _lay(picture, _soft(np.maximum(trunk, np.maximum(0.6 - y, y - 0.95))), "#141B2A")
    rng = np.random.default_rng(2)
    crown = np.full_like(x, 1.0)
    near = np.s_[int(0.38 * HEIGHT) : int(0.72 * HEIGHT), int(0.26 * HEIGHT) : int(0.66 * HEIGHT)]
    for _ in range(130):
        angle, far = rng.uniform(0, math.tau), math.sqrt(rng.uniform(0, 1))
        at_x = 0.46 + 0.14 * far * math.cos(angle)
        at_y = 0.545 + 0.10 * far * math.sin(angle)
        leaf = np.hypot(x[near] - at_x, (y[near] - at_y) * 1.25) - rng.uniform(0.006, 0.026)
        crown[near] = np.minimum(crown[near], leaf)
    return _lay(picture, _soft(crown), "#141B2A")


def _still_life() -> Canvas:
    """Three oranges and a leaf on a table by a window."""
    x, y = _grid()
    picture = _gradient((0, "#5C6E70"), (0.62, "#8FA09C"), (0.621, "#B79A78"), (1, "#7B5F45"))
    picture *= (0.72 + 0.42 * np.exp(-(((x - 0.1) / 0.75) ** 2)))[..., None]
    wall = y < 0.62
    window = (np.abs(((x + y * 0.35) * 3.1) % 1 - 0.5) < 0.34) & (x < 0.95) & (y < 0.5)
    picture = _lay(picture, _blurred((window & wall).astype(np.float32), 26) * 0.35, "#F4EBD2")
    for at_x, at_y, size, colour in (
        (1.12, 0.63, 0.105, "#D9731A"),
        (0.97, 0.69, 0.125, "#E8862B"),
        (1.25, 0.71, 0.095, "#C9620F"),
    ):
        shade = np.hypot((x - at_x - size * 0.9) / 1.7, (y - at_y - size * 0.82) / 0.33)
        picture = _lay(picture, 0.6 * np.exp(-((shade / size) ** 4)), "#3E2A1B")
        dx, dy = (x - at_x) / size, (y - at_y) / size
        depth = np.sqrt(np.clip(1 - dx**2 - dy**2, 0, 1))
        light = np.clip(-0.55 * dx - 0.5 * dy + 0.67 * depth, 0, 1)
        glow = light[..., None] ** 1.1
        peel = 0.03 * np.sin(dx * 61 + np.sin(dy * 47) * 2) * np.sin(dy * 67)
        skin = _colour(colour) * (0.28 + 0.9 * glow) + peel[..., None] * glow
        skin = skin + 0.55 * light[..., None] ** 26
        picture = _lay(picture, _soft(np.hypot(dx, dy) - 1, 0.012), skin.astype(np.float32))
    turned_x = (x - 0.995) * math.cos(0.5) + (y - 0.555) * math.sin(0.5)
    turned_y = -(x - 0.995) * math.sin(0.5) + (y - 0.555) * math.cos(0.5)
    leaf = np.hypot(turned_x / 0.085, turned_y / 0.03) - 1
    vein = 0.12 * np.exp(-((turned_y / 0.0016) ** 2))
    green = _colour("#4E7A3A") * (0.8 + 3.0 * np.clip(-turned_y, 0, 0.1))[..., None]
    return _lay(picture, _soft(leaf, 0.02), (green + vein[..., None]).astype(np.float32))


def _shore() -> Canvas:
    """A small red boat on a calm bay."""
    x, y = _grid()
    picture = _gradient(
        (0, "#8FB4CC"), (0.4, "#DCE6E4"), (0.43, "#C9D8D8"), (0.431, "#7FA6AE"), (1, "#2F6472")
    )
    picture = _lay(picture, _soft(_ridge(x[:1], 21, 0.405, 0.018) - y) * (y < 0.431), "#8CA3AC")
    rng = np.random.default_rng(11)
    ripples = np.zeros_like(x)
    depth = np.clip((y - 0.431) / 0.569, 0, 1)
    for _ in range(14):
        frequency = rng.uniform(40, 190)
        wave = np.sin(x * rng.uniform(3, 14) + frequency * np.sqrt(depth + 0.002) * 2.2)
        ripples += wave * rng.uniform(0.3, 1)
    picture = picture + (0.012 * ripples * (0.25 + depth) * (y > 0.431))[..., None]
    at_x, at_y = 0.47, 0.62
    reflection = np.maximum(np.abs(x - at_x) - 0.1, np.abs(y - at_y - 0.085) - 0.06)
    picture = _lay(picture, 0.42 * _soft(reflection + 0.012 * np.sin(y * 420), 0.02), "#5B2A25")
    hull = np.maximum(np.abs(x - at_x) - (0.135 - 0.9 * np.clip(y - at_y, 0, 1)), 0)
    hull = np.maximum(hull, np.maximum(at_y - 0.01 * np.cos((x - at_x) * 9) - y, y - at_y - 0.05))
    picture = _lay(picture, _soft(hull - 0.001), "#B5352A")
    rim = np.maximum(np.abs(x - at_x) - 0.136, np.abs(y - at_y + 0.002) - 0.005)
    picture = _lay(picture, _soft(rim), "#F1E6D2")
    mast = np.maximum(np.abs(x - at_x - 0.012) - 0.0028, np.maximum(0.33 - y, y - at_y))
    picture = _lay(picture, _soft(mast), "#4A372B")
    edge = (y - 0.35) / (0.59 - 0.35)
    sail = np.maximum(
        np.maximum(0.35 - y, y - 0.59), np.maximum(at_x + 0.02 - x, x - at_x - 0.02 - 0.13 * edge)
    )
    cloth = _colour("#F6EFE2") * (1 - 0.18 * np.clip((x - at_x) / 0.14, 0, 1))[..., None]
    return _lay(picture, _soft(sail), cloth.astype(np.float32))


def _blurred(mask: Canvas, radius: float) -> Canvas:
    image = Image.fromarray((mask * 255).astype(np.uint8))
    blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32)
    return (blurred / 255).astype(np.float32)


_SCENES: dict[str, Callable[[], Canvas]] = {
    "boat": _shore,
    "evening": _evening,
    "oranges": _still_life,
}

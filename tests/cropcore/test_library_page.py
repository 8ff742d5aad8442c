"""Every block of the page about the library runs as it stands there, from a folder with photos."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from skimage import data

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
_BLOCK = re.compile(r"^## (\d+\. .+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
TEXT = PAGE.read_text("utf-8")
SECTIONS = [(title, _CODE.findall(body)) for title, body in _BLOCK.findall(TEXT)]


@pytest.fixture(scope="module")
def loaded() -> dict[str, Any]:
    """What the page's first block leaves."""
    names: dict[str, Any] = {}
    exec(_CODE.findall(TEXT.split("## 1.")[0])[0], names)
    return names


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Image.fromarray(data.coffee()).save(tmp_path / "photo.jpg")
    (tmp_path / "photos").mkdir()
    for name in ("astronaut", "chelsea"):
        Image.fromarray(getattr(data, name)()).save(tmp_path / "photos" / f"{name}.jpg")
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"no photo")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_shows_ten_things() -> None:
    assert len(SECTIONS) == 10
    assert all(len(blocks) == 1 for _, blocks in SECTIONS)


@pytest.mark.parametrize(("title", "blocks"), SECTIONS, ids=[title for title, _ in SECTIONS])
def test_the_page_s_code_runs(
    title: str,
    blocks: list[str],
    loaded: dict[str, Any],
    photos: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {path.name for path in photos.iterdir()}
    for block in blocks:
        exec(compile(block, title, "exec"), dict(loaded))
    made = {path.name for path in photos.iterdir()} - before
    said = capsys.readouterr().out
    assert made or said or "assert" in blocks[0]
    for name in made:
        with Image.open(photos / name) as image:
            image.load()
    if "photos" in blocks[0]:
        assert made == {"square_astronaut.png", "square_chelsea.png"}
        assert "left out: broken.jpg" in said

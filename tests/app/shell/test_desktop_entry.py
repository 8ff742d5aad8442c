"""The entry in a Linux desktop's menu: complete, in step with the formats, and removable."""

from __future__ import annotations

import configparser
import mimetypes
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.main import main
from app.shell import desktop_entry
from app.style.resources import resource
from cropcore.files.photo_scan import SUFFIXES

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops")

TYPES = {".avif": "image/avif", ".heic": "image/heic", ".heif": "image/heif",
         ".webp": "image/webp", ".jfif": "image/jpeg", ".mpo": "image/jpeg",
         ".hif": "image/heif"}  # fmt: skip


def read_entry(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return dict(parser["Desktop Entry"])


def listed(value: str) -> list[str]:
    assert value.endswith(";")
    return value[:-1].split(";")


def known_types() -> set[str]:
    return {TYPES.get(suffix) or mimetypes.types_map[suffix] for suffix in SUFFIXES}


def test_the_entry_has_all_keys_and_every_format() -> None:
    entry = read_entry(resource("cropsight.desktop"))
    assert entry["Type"] == "Application"
    assert entry["Exec"] == "cropsight %F"
    assert entry["Icon"] == entry["StartupWMClass"] == "cropsight"
    assert entry["Terminal"] == "false"
    assert set(listed(entry["MimeType"])) == known_types()
    assert "Graphics" in listed(entry["Categories"])
    for key in ("GenericName", "Comment", "Keywords"):
        assert entry[key] != entry[f"{key}[de]"]
    assert "crop" in listed(entry["Keywords"])
    if tool := shutil.which("desktop-file-validate"):
        subprocess.run([tool, str(resource("cropsight.desktop"))], check=True)


def test_the_description_names_the_same_formats() -> None:
    path = resource("cropsight.metainfo.xml")
    root = ElementTree.parse(path).getroot()
    assert {e.text for e in root.iter("mediatype")} == known_types()
    assert root.findtext("launchable") == "cropsight.desktop"
    if tool := shutil.which("appstreamcli"):
        done = subprocess.run([tool, "validate", "--no-net", str(path)], capture_output=True)
        assert done.returncode == 0, done.stdout.decode()


def test_it_is_written_and_removed_below_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    foreign = tmp_path / "data" / "applications" / "other.desktop"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    assert main(["--install-desktop"]) == 0
    assert main(["--install-desktop"]) == 0, "again is no error"
    entry = read_entry(tmp_path / "data/applications/cropsight.desktop")
    program = shlex.split(entry["Exec"])[0]
    assert Path(program).is_absolute()
    assert Path(program).is_file()
    assert entry["TryExec"] == program
    assert (tmp_path / "data/icons/hicolor/scalable/apps/cropsight.svg").is_file()
    assert str(tmp_path) in capsys.readouterr().out
    assert main(["--remove-desktop"]) == 0
    left = [p for p in (tmp_path / "data").rglob("*") if p.is_file() and p.suffix != ".cache"]
    assert left == [foreign]
    assert main(["--remove-desktop"]) == 0


def test_a_place_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert main(["--install-desktop"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_commands_with_odd_signs_are_quoted() -> None:
    assert desktop_entry.quoted(("/opt/a b/cropsight",)) == '"/opt/a b/cropsight"'
    assert desktop_entry.quoted(("/opt/50%/x",)) == "/opt/50%%/x"
    assert desktop_entry.quoted(("/opt/a$b",)) == '"/opt/a\\\\$b"'
    assert (
        desktop_entry.quoted(("/usr/bin/python", "-m", "app.main")) == "/usr/bin/python -m app.main"
    )


@pytest.mark.parametrize("size", [16, 22, 24, 32, 48, 64, 128, 256, 512])
@pytest.mark.parametrize("behind", [255, 20])
def test_the_icon_reads_at_every_size(size: int, behind: int) -> None:
    """The white frame stands out from the plate, and the plate from light and dark panels."""
    image = QImage(size, size, QImage.Format.Format_RGB888)
    image.fill(behind << 16 | behind << 8 | behind)
    painter = QPainter(image)
    QSvgRenderer(str(resource("icons/cropsight.svg"))).render(painter)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(size, -1)[:, : size * 3]
    pixels = rows.reshape(size, size, 3).astype(float)
    frame = pixels[size // 2 - 1, round(size * 15 / 64 - 0.5)]
    plate = pixels[size // 2, size // 12]
    assert frame.min() > 235
    assert abs(frame - plate).max() > 120
    assert abs(plate - behind).max() > 80

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from cropcore.engine import device
from cropcore.engine.calibration import Calibration
from cropcore.engine.device import pick_device
from cropcore.engine.torch_networks import TorchNetworks
from cropcore.engine.weights_folder import read_folder
from cropcore.errors import DeviceError, WeightsError
from cropcore.messages import NOTHING
from cropcore.models.asm import AsmHead
from cropcore.models.weights import SCHEMA, load_weights, read_record, save_weights


def module(seed: int = 0, width: int = 3) -> nn.Module:
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Conv2d(2, width, 3), nn.BatchNorm2d(width))
    net[1].running_mean.normal_()  # type: ignore[union-attr, operator]
    return net


def save(folder: Path, half: bool = False, **record: Any) -> nn.Module:
    net = module()
    save_weights(net, "tiny", folder, half, **{"config": {}, "encoder_sha256": None, **record})
    return net


def load(folder: Path, into: nn.Module | None = None) -> nn.Module:
    into = module(seed=1) if into is None else into
    load_weights(into, read_record("tiny", folder), folder)
    return into


def rewrite(folder: Path, **changes: Any) -> None:
    path = folder / "tiny.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_was_saved_is_loaded_bit_for_bit(tmp_path: Path) -> None:
    saved, loaded = save(tmp_path), load(tmp_path)
    for (name, a), b in zip(saved.state_dict().items(), loaded.state_dict().values(), strict=True):
        assert a.dtype == b.dtype, name
        assert torch.equal(a, b), name


def test_half_floats_are_half_as_large_and_come_back_as_float32(tmp_path: Path) -> None:
    saved = save(tmp_path / "half", half=True)
    loaded = load(tmp_path / "half")
    for a, b in zip(saved.state_dict().values(), loaded.state_dict().values(), strict=True):
        assert a.dtype == b.dtype
        torch.testing.assert_close(a, b, atol=2e-3, rtol=1e-3)
    big = nn.Linear(300, 300)
    sizes = []
    for half in (False, True):
        save_weights(big, "big", tmp_path, half, config={}, encoder_sha256=None)
        sizes.append((tmp_path / "big.safetensors").stat().st_size)
    assert sizes[1] < 0.51 * sizes[0]


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    made = save_weights(
        module(),
        "tiny",
        tmp_path / "new" / "folder",
        config={"channels": 8, "gaze": True},
        encoder_sha256="ab" * 32,
        preprocessing={"short_side": 256},
        decoding={"free": 0.3},
        training_data=("some photos", "others"),
        metrics={"iou": 0.71},
    )
    content = (tmp_path / "new" / "folder" / "tiny.safetensors").read_bytes()
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert read_record("tiny", tmp_path / "new" / "folder") == made
    assert json.loads((tmp_path / "new" / "folder" / "tiny.json").read_text())["schema"] == SCHEMA


@pytest.mark.parametrize("place", [0, 20, -1])
def test_one_altered_byte_is_refused(tmp_path: Path, place: int) -> None:
    save(tmp_path)
    path = tmp_path / "tiny.safetensors"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    untouched = module(seed=1)
    before = {k: v.clone() for k, v in untouched.state_dict().items()}
    with pytest.raises(WeightsError, match=r"tiny\.safetensors was altered.*Reinstall"):
        load(tmp_path, untouched)
    assert all(torch.equal(v, before[k]) for k, v in untouched.state_dict().items())


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    save(tmp_path)
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="altered"):
        load(tmp_path)


def test_weights_of_another_architecture_name_what_is_odd(tmp_path: Path) -> None:
    save(tmp_path)
    with pytest.raises(WeightsError, match=r"tiny\.safetensors does not fit.*0\.bias") as caught:
        load(tmp_path, module(width=4))
    assert len(str(caught.value)) < 200


def test_tensors_too_many_or_too_few_are_refused(tmp_path: Path) -> None:
    net = save(tmp_path)
    tensors = dict(net.state_dict())
    for change in ({**tensors, "extra": torch.zeros(1)}, {"0.weight": tensors["0.weight"]}):
        save_file(change, tmp_path / "tiny.safetensors")
        content = (tmp_path / "tiny.safetensors").read_bytes()
        rewrite(tmp_path, sha256=hashlib.sha256(content).hexdigest())
        with pytest.raises(WeightsError, match="does not fit"):
            load(tmp_path)


def test_a_missing_weights_file_is_named(tmp_path: Path) -> None:
    save(tmp_path)
    (tmp_path / "tiny.safetensors").unlink()
    with pytest.raises(WeightsError, match=r"tiny\.safetensors cannot be read.*Reinstall"):
        load(tmp_path)


def test_a_missing_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"tiny\.json is missing.*Reinstall"):
        read_record("tiny", tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '"text"', "{}", '{"schema": 1}'])
def test_what_is_no_record_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "tiny.json").write_text(content)
    with pytest.raises(WeightsError, match=r"tiny\.json .*"):
        read_record("tiny", tmp_path)


@pytest.mark.parametrize("change", [{}, {"something_new": 1}])
def test_a_record_of_a_later_version_asks_for_an_update(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    save(tmp_path)
    rewrite(tmp_path, schema=SCHEMA + 1, **change)
    with pytest.raises(WeightsError, match=r"tiny\.json has schema 2.*Update Cropsight"):
        read_record("tiny", tmp_path)


def only_asm(weights: Path, folder: Path, **record: Any) -> Path:
    """A folder with asm as its only method, freshly saved with this record."""
    for path in (*weights.glob("encoder.*"), *weights.glob("saliency.*")):
        shutil.copy(path, folder)
    save_weights(AsmHead(), "asm", folder, **{"config": {}, "encoder_sha256": None, **record})
    return folder


@pytest.mark.parametrize("changes", [{"config": {"nonsense": 1}}, {"decoding": {"nonsense": 1}}])
def test_a_record_with_settings_that_no_method_has_is_refused(
    weights: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    folder = only_asm(weights, tmp_path, **changes)
    with pytest.raises(WeightsError, match=r"asm\.json .*nonsense"):
        TorchNetworks(read_folder(folder), torch.device("cpu"))


def test_a_method_comes_with_its_constants_ready_to_score(weights: Path, tmp_path: Path) -> None:
    folder = read_folder(only_asm(weights, tmp_path, decoding={"free": 0.3}))
    assert folder.methods == ("asm",)
    assert folder.calibrations["asm"] == Calibration(free=0.3)
    networks = TorchNetworks(folder, torch.device("cpu"))
    assert not networks.methods["asm"].head.training  # type: ignore[attr-defined]


def test_the_cpu_is_always_there_and_unknown_devices_are_not() -> None:
    assert pick_device("cpu") == ("cpu", NOTHING)
    found, note = pick_device("auto")
    assert (found == "cpu") == bool(note)


@pytest.mark.parametrize("driver", [0, 2])
def test_a_device_that_is_not_there_says_what_to_choose(
    monkeypatch: pytest.MonkeyPatch, driver: int
) -> None:
    """Whether the driver is missing, or torch was built without it."""
    monkeypatch.setattr(device, "cards", lambda: driver)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match="CUDA device here; choose auto or cpu"):
        pick_device("cuda")
    assert pick_device("auto")[0] == "cpu"
    with pytest.raises(DeviceError, match="auto, cpu, cuda, mps"):
        pick_device("gpu")


def test_a_card_is_taken_where_driver_and_torch_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "cards", lambda: 2)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert pick_device("auto") == ("cuda", NOTHING)
    assert pick_device("cuda:1") == ("cuda:1", NOTHING)
    with pytest.raises(DeviceError, match="from cuda:0 to cuda:1"):
        pick_device("cuda:2")

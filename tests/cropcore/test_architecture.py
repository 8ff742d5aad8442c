"""The arrows between the rooms run one way; heavy imports wait until they are needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cropcore

PACKAGE = Path(cropcore.__file__).parent
LIGHT = (
    "cropcore",
    "cropcore.geometry",
    "cropcore.aspect",
    "cropcore.crop",
    "cropcore.errors",
    "cropcore.photo",
    "cropcore.export",
    "cropcore.preset_shelf",
    "cropcore.batch",
    "cropcore.report",
    "cropcore.cli",
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and syntax tree of every module of cropcore."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that a tree imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where an arrow points"
            assert node.module is not None
            yield node.module, node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def test_the_engine_knows_neither_qt_nor_the_app() -> None:
    found = [
        (module, name)
        for module, tree in modules()
        for name, _ in imports(tree)
        if any(within(name, other) for other in ("PySide6", "shiboken6", "app"))
    ]
    assert found == []


def test_one_lazy_line_of_the_command_line_reaches_training() -> None:
    reaching = {
        (module, node)
        for module, tree in modules()
        if not within(module, "cropcore.training")
        for name, node in imports(tree)
        if within(name, "cropcore.training")
    }
    assert [module for module, _ in reaching] == ["cropcore.commands.train"]
    ((_, statement),) = reaching
    top = next(tree for module, tree in modules() if module == "cropcore.commands.train").body
    assert statement.lineno not in {node.lineno for node in top}


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("cropcore.geometry", ("cropcore.anchors", "cropcore.ops", "cropcore.heads")),
        ("cropcore.anchors", ("cropcore.heads", "cropcore.engine", "cropcore.encoder")),
        ("cropcore.ops", ("cropcore.heads", "cropcore.engine", "cropcore.encoder")),
        ("cropcore.encoder", ("cropcore.heads", "cropcore.engine", "cropcore.methods")),
        ("cropcore.heads", ("cropcore.engine", "cropcore.methods", "cropcore.weights")),
        ("cropcore.engine", ("cropcore.cli", "cropcore.commands")),
    ],
)
def test_arrows_run_from_the_engine_down_to_geometry(lower: str, upper: tuple[str, ...]) -> None:
    found = [
        (module, name)
        for module, tree in modules()
        if within(module, lower)
        for name, _ in imports(tree)
        if any(within(name, other) for other in upper)
    ]
    assert found == []


def test_the_engine_does_not_print_and_loads_no_pickle() -> None:
    for module, tree in modules():
        if within(module, "cropcore.commands") or module == "cropcore.cli":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called != "print", module
                if not within(module, "cropcore.training"):
                    assert called not in ("torch.load", "pickle.load", "pickle.loads"), module


def test_no_bare_except() -> None:
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{module}:{node.lineno}"


def test_light_modules_come_without_torch_or_qt() -> None:
    program = (
        "import sys\n"
        f"for name in {LIGHT!r}:\n"
        "    __import__(name)\n"
        "    heavy = {'torch', 'torchvision', 'cv2', 'scipy', 'PySide6'} & set(sys.modules)\n"
        "    assert not heavy, (name, heavy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr

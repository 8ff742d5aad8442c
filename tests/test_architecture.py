"""The floors of the house: imports run downwards, features stay apart, heavy libraries have their rooms.

Every import counts: inside functions, under ``TYPE_CHECKING``, and in programs kept as strings.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import app
import cropcore

FOLDERS = {"app": Path(app.__file__).parent, "cropcore": Path(cropcore.__file__).parent}
APP_FLOORS = {
    "main": 9,
    "shell": 8,
    "batch": 7, "review": 7, "contact_sheet": 7,
    "export": 6, "sidecars": 6, "suggest": 6,
    "editor": 5, "filmstrip": 5,
    "photos": 4,
    "canvas": 3, "widgets": 3, "actions": 3,
    "engine": 2, "i18n": 2, "settings": 2,
    "document": 1, "runtime": 1, "style": 1,
}  # fmt: skip
CORE_FLOORS = {
    "cli": 8,
    "benchmark": 7, "cluster": 7,
    "batch": 6,
    "export": 5, "training": 5,
    "engine": 4, "evaluation": 4, "metadata": 4, "sidecar": 4, "interop": 4,
    "images": 3, "models": 3,
    "geometry": 2, "files": 2,
    "errors": 1, "process": 1, "job_control": 1,
    "messages": 0,
}  # fmt: skip
FLOORS = {"app": APP_FLOORS, "cropcore": CORE_FLOORS}
WIDEST = 30
"""Modules of one folder, at most."""
TORCH_ROOMS = ("models", "engine", "training", "benchmark")
LIGHT = (
    "cropcore",
    "cropcore.geometry.boxes",
    "cropcore.geometry.aspect",
    "cropcore.geometry.crop",
    "cropcore.geometry.nested",
    "cropcore.errors",
    "cropcore.images.photo",
    "cropcore.images.given_image",
    "cropcore.export.cut_image",
    "cropcore.export.export",
    "cropcore.engine.calibration",
    "cropcore.engine.crop_question",
    "cropcore.engine.window_search",
    "cropcore.batch.preset_library",
    "cropcore.batch.batch",
    "cropcore.batch.report",
    "cropcore.cli.main",
)
"""Imported where torch must not come along."""
ON_TORCH = ("cropcore.training", "cropcore.benchmark", "cropcore.models", "cropcore.engine")
"""Packages of which modules may import torch as they are imported."""
FREE_OF_TORCH = (
    *(f"cropcore.engine.{name}" for name in ("engine", "scorer", "methods", "maps", "device")),
    *(f"cropcore.engine.{name}" for name in ("graph_networks", "load_networks", "weights_folder")),
    *(f"cropcore.models.{name}" for name in ("crop_layout", "graph_session", "weights")),
)
"""Modules of these packages that do not."""
_TEXT_IMPORT = re.compile(r"(?:from|import)\s+((?:app|cropcore)(?:\.\w+)*)(?:\s+import\s+(\w+))?")


@cache
def modules() -> Mapping[str, ast.Module]:
    """Dotted name and syntax tree of every module of both packages."""
    found = {}
    for folder in FOLDERS.values():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found[".".join(parts).removesuffix(".__init__")] = tree
    return found


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module that a tree imports and the line, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where an arrow points"
            assert node.module is not None
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in _TEXT_IMPORT.finditer(node.value):
                yield match[1], node.lineno
                if match[2]:
                    yield f"{match[1]}.{match[2]}", node.lineno


def own_imports(known: Iterable[str]) -> dict[str, set[str]]:
    """Which modules of ours each module imports."""
    names = set(known)
    return {
        module: {name for name, _ in imports(tree) if name in names and name != module}
        for module, tree in modules().items()
        if module in names
    }


def room(module: str) -> tuple[str, str]:
    """Package and room: ``("app", "editor")`` of ``app.editor.suggester``."""
    package, _, rest = module.partition(".")
    return package, rest.partition(".")[0]


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def floor_of(module: str) -> int:
    package, name = room(module)
    return FLOORS[package][name]


def broken_floors(arrows: Mapping[str, set[str]]) -> list[str]:
    """Imports that run upwards, or sideways between two rooms of one floor."""
    broken = []
    for module, targets in arrows.items():
        package, name = room(module)
        for target in targets:
            other, its_room = room(target)
            if not name or not its_room or (package, name) == (other, its_room):
                continue
            if package == "app" and other == "cropcore":
                continue
            if package != other or floor_of(target) >= floor_of(module):
                broken.append(f"{module} -> {target}")
    return sorted(broken)


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import one another (strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for target in arrows.get(module, ()):
            if target not in index:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], index[target])
        if low[module] == index[module]:
            group = [stack.pop()]
            while group[-1] != module:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for module in arrows:
        if module not in index:
            visit(module)
    return found


def file_arrows() -> dict[str, set[str]]:
    """Imports between modules that hold code; a package's own file holds a sentence only."""
    return own_imports(name for name in modules() if name.count(".") > 1 or room(name)[1])


def test_imports_run_downwards() -> None:
    assert broken_floors(file_arrows()) == []


def test_every_room_has_its_floor() -> None:
    for module in modules():
        package, name = room(module)
        assert not name or name in FLOORS[package], module


def test_no_two_modules_import_one_another() -> None:
    assert circles(file_arrows()) == []


def test_nothing_but_the_shell_joins_features() -> None:
    """Batch, review and what lies beside them know nothing of one another, nor of the shell."""
    for module, targets in file_arrows().items():
        if room(module)[0] == "app" and room(module)[1] not in ("shell", "main"):
            assert not [name for name in targets if within(name, "app.shell")], module


def test_the_table_of_floors_notices() -> None:
    up = {"app.document.edit": {"app.editor.editor"}}
    sideways = {"cropcore.images.photo": {"cropcore.models.weights"}}
    core_up = {"cropcore.cli.main": {"app.main"}}
    assert all(len(broken_floors(arrows)) == 1 for arrows in (up, sideways, core_up))
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_imports_in_text_and_in_functions_count() -> None:
    tree = ast.parse(
        'def f():\n    from cropcore.cli import main\n_P = "; import app.main; print(1)"'
    )
    assert {name for name, _ in imports(tree)} >= {"cropcore.cli.main", "app.main"}


def test_no_folder_is_wider_than_a_person_can_search() -> None:
    for folder in FOLDERS.values():
        for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            wide = [path for path in inner.glob("*.py") if path.name != "__init__.py"]
            assert len(wide) <= WIDEST, inner


def test_labels_are_made_where_they_become_plain_text() -> None:
    """A label of Qt's takes a file's name for markup where it looks like that."""
    for module, tree in modules().items():
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        made = [
            f.id for f in calls if isinstance(f, ast.Name) and f.id in ("QLabel", "QMessageBox")
        ]
        assert not made or module == "app.widgets.controls", module


def test_packages_do_nothing_when_imported() -> None:
    """Otherwise geometry would bring torch along."""
    for folder in FOLDERS.values():
        for path in folder.rglob("__init__.py"):
            if path.parent in FOLDERS.values() or path.parent.name == "tasks":
                continue
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) == 1, path
            assert ast.get_docstring(ast.Module(body, [])), path


def test_the_library_s_front_door_opens_at_once() -> None:
    program = (
        "import sys, time; before = set(sys.modules); start = time.perf_counter(); import cropcore; "
        "took = time.perf_counter() - start; new = set(sys.modules) - before; "
        "assert cropcore.__version__ and 'Crop' in dir(cropcore); "
        "assert not {name for name in new if name.startswith('cropcore.')}, new; print(took)"
    )
    root = FOLDERS["cropcore"].parent
    seconds = [
        float(
            subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                cwd=root,
                check=True,
            ).stdout
        )
        for _ in range(3)
    ]
    assert min(seconds) < 0.05


def test_every_name_of_the_front_door_is_there() -> None:
    for name in cropcore.__all__:
        assert getattr(cropcore, name).__name__.split(".")[-1] == name
    with pytest.raises(AttributeError, match="Corp"):
        _ = cropcore.Corp


def test_own_code_does_not_go_through_the_front_door() -> None:
    """Its imports would hide from the table of floors."""
    doors = {f"cropcore.{name}" for name in cropcore.__all__} - {"cropcore.errors"}
    for module, tree in modules().items():
        used = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        named = {name for name, _ in imports(tree)}
        assert not doors & (used | named), module


def test_document_and_engine_know_no_widgets() -> None:
    for module, tree in modules().items():
        if within(module, "app.document", "app.engine"):
            assert not [n for n, _ in imports(tree) if within(n, "PySide6.QtWidgets")], module


def test_the_engine_knows_neither_qt_nor_the_app() -> None:
    for module, tree in modules().items():
        if room(module)[0] == "cropcore" and room(module)[1] != "benchmark":
            found = [n for n, _ in imports(tree) if within(n, "PySide6", "shiboken6", "app")]
            assert found == [], module


def test_torch_stays_in_its_rooms() -> None:
    for module, tree in modules().items():
        package, name = room(module)
        found = [n for n, _ in imports(tree) if within(n, "torch", "torchvision")]
        if found:
            assert package == "cropcore", module
            assert name in TORCH_ROOMS, module


def test_the_app_reaches_torch_through_the_engine_thread_alone() -> None:
    heavy = {
        name
        for name, tree in modules().items()
        if room(name)[0] == "cropcore" and any(within(n, "torch") for n, _ in imports(tree))
    }
    arrows = file_arrows()
    more = set(heavy)
    while more:
        more = {m for m, t in arrows.items() if room(m)[0] == "cropcore" and t & more} - heavy
        heavy |= more
    for module, tree in modules().items():
        if room(module)[0] != "app" or module == "app.engine.engine_thread":
            continue
        checking = {
            node.lineno
            for block in ast.walk(tree)
            if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
            for node in ast.walk(block)
            if isinstance(node, ast.stmt)
        }
        found = [n for n, line in imports(tree) if n in heavy and line not in checking]
        assert found == [], module


def test_one_lazy_line_of_the_command_line_reaches_training() -> None:
    reaching = {
        (module, line)
        for module, tree in modules().items()
        if not within(module, "cropcore.training")
        for name, line in imports(tree)
        if within(name, "cropcore.training")
    }
    assert [module for module, _ in reaching] == ["cropcore.cli.train"]
    ((_, line),) = reaching
    assert line not in {node.lineno for node in modules()["cropcore.cli.train"].body}


def test_the_engine_does_not_print_and_loads_no_pickle() -> None:
    for module, tree in modules().items():
        if room(module)[0] != "cropcore" or within(module, "cropcore.cli"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called != "print", module
                if not within(module, "cropcore.training"):
                    assert called not in ("torch.load", "pickle.load", "pickle.loads"), module


def private_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Private names that are used outside the class, or its heirs in the module, that have them."""
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}

    def own_names(owner: ast.ClassDef) -> set[str]:
        bases = (classes.get(ast.unparse(base).split("[")[0]) for base in owner.bases)
        inherited = set().union(*(own_names(base) for base in bases if base is not None))
        names = inherited | {
            node.attr
            for node in ast.walk(owner)
            if isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and ast.unparse(node.value) in ("self", "cls")
        }
        for node in ast.walk(owner):
            if isinstance(node, ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.AnnAssign | ast.Assign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
        return names

    def look(node: ast.AST, own: set[str]) -> Iterator[tuple[int, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Attribute) and child.attr.startswith("_"):
                is_dunder = child.attr.endswith("__")
                if not is_dunder and child.attr not in own:
                    yield child.lineno, ast.unparse(child)
            yield from look(child, own_names(child) if isinstance(child, ast.ClassDef) else own)

    yield from look(tree, set())


def test_no_private_name_of_another_class_is_used() -> None:
    """Nor one of a base class in another module: who needs it has the object, and asks it."""
    public_all_the_same = {"os._exit", "cells[-1]._replace"}
    for module, tree in modules().items():
        if room(module)[0] != "app":
            continue
        found = [f"{module}:{line} {what}" for line, what in private_names(tree)]
        assert [one for one in found if one.split()[1] not in public_all_the_same] == []


def test_the_search_for_private_names_notices() -> None:
    program = (
        "class A(B):\n"
        "    def f(self, other: A, b: B):\n"
        "        self._own = other._own\n"
        "        return self._of_base, b._of_other, self.f.__name__\n"
        "def g(a): return a._own\n"
    )
    found = [what for _, what in private_names(ast.parse(program))]
    assert found == ["self._of_base", "b._of_other", "a._own"]


def test_what_the_engine_said_has_one_writer() -> None:
    """A photo gets it with its making; from then on only the suggester changes it."""
    writers = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr == "suggestion_state"
    }
    assert writers == {"app.document.open_photo", "app.editor.suggester"}


def thread_classes() -> set[str]:
    """Names of the app's classes that are threads of Qt."""
    found = {"QThread"}
    while True:
        more = {
            node.name
            for name, tree in modules().items()
            if room(name)[0] == "app"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and found & {ast.unparse(base).split(".")[-1] for base in node.bases}
        }
        if more <= found:
            return found
        found |= more


def unregistered_workers(tree: ast.AST, threads: set[str]) -> list[str]:
    """Classes that begin a thread and do not register it, so that nobody would stop it at the end.

    What a ``with`` statement begins and ends is excepted.
    """
    makers = threads | {"ThreadPoolExecutor", "ProcessPoolExecutor", "Thread", "Timer"}
    found = []
    for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        ended = {
            item.context_expr
            for node in ast.walk(owner)
            if isinstance(node, ast.With)
            for item in node.items
        }
        called = {
            ast.unparse(node.func).split(".")[-1]
            for node in ast.walk(owner)
            if isinstance(node, ast.Call) and node not in ended
        }
        if called & makers and "register_worker" not in called:
            found.append(owner.name)
    return found


def test_whoever_begins_a_thread_registers_it() -> None:
    threads = thread_classes()
    assert {"EngineThread", "ExportJob", "BatchThread"} <= threads
    for module, tree in modules().items():
        if room(module)[0] == "app" and not within(module, "app.runtime"):
            assert unregistered_workers(tree, threads) == [], module


def test_a_thread_that_nobody_registers_is_noticed() -> None:
    begins = "class A(QObject):\n    def go(self):\n        self._pool = ThreadPoolExecutor(1)"
    ends = (
        "class A:\n    def go(self):\n        with ThreadPoolExecutor(1) as pool:\n            pass"
    )
    assert unregistered_workers(ast.parse(begins), {"QThread"}) == ["A"]
    assert unregistered_workers(ast.parse(ends), {"QThread"}) == []


def untold_signals(tree: ast.Module) -> list[str]:
    """Public signals of which the docstring of their class does not tell what they carry."""
    found = []
    for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        told = ast.get_docstring(owner) or ""
        for node in owner.body:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            name = ast.unparse(node.targets[0])
            is_signal = ast.unparse(node.value.func) == "Signal" and not name.startswith("_")
            if is_signal and not re.search(rf"``{name}``|\b{name}:", told):
                found.append(f"{owner.name}.{name}")
    return found


def test_every_signal_is_told_of() -> None:
    for module, tree in modules().items():
        assert untold_signals(tree) == [], module


def test_a_signal_that_is_not_told_of_is_noticed() -> None:
    program = (
        'class A(QObject):\n    """Signals: ``moved`` (Crop).\n\n    ended: the last one.\n    """\n'
        "    moved = Signal(Crop)\n    ended = Signal()\n    left = Signal()\n    _own = Signal()"
    )
    assert untold_signals(ast.parse(program)) == ["A.left"]


def test_no_bare_except() -> None:
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{module}:{node.lineno}"


@pytest.mark.parametrize("name", LIGHT)
def test_light_modules_come_without_torch_or_qt(name: str) -> None:
    program = (
        f"import sys; __import__({name!r}); "
        "heavy = {'torch', 'torchvision', 'cv2', 'scipy', 'PySide6'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    root = FOLDERS["cropcore"].parent
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_engine_s_modules_and_all_commands_come_where_torch_cannot() -> None:
    ours = [name for name in modules() if within(name, "cropcore") and "__main__" not in name]
    names = [name for name in ours if not within(name, *ON_TORCH)]
    program = (
        "import importlib, sys; sys.modules.update(torch=None, torchvision=None); "
        f"[importlib.import_module(name) for name in {[*names, *FREE_OF_TORCH]!r}]"
    )
    root = FOLDERS["cropcore"].parent
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr

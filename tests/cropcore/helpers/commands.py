"""Run a command in this process."""

import json
from typing import Any

import pytest

from cropcore.cli.main import main


def run(*arguments: object) -> int:
    """Its exit status."""
    return main([str(argument) for argument in arguments])


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    """Its exit status and its JSON document."""
    status = run(*arguments, "--json", "-")
    return status, json.loads(capsys.readouterr().out)

"""The worked example of CONTRIBUTING.md, followed to the letter."""

import json
import re
from pathlib import Path

import pytest

from helpers_commands import TAKES_A_PROFILE, commands_of_page

from .conftest import shell

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^`([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_worked_example_runs(checkout):
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    assert 6 <= len(blocks) <= 8
    for name, text in blocks:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists(), name
        path.write_text(text, encoding="utf-8")
    (command,) = [
        x for x in commands_of_page(page)[0] if TAKES_A_PROFILE.match(x) and "STUDY=" in x
    ]
    code, output = shell(checkout, f"{command} PROFILE=smoke")
    assert code == 0, output[-4000:]
    results = checkout / "results/smoke"
    (claim,) = json.loads((results / "claims.json").read_text(encoding="utf-8"))
    assert claim["verdict"] == "consistent"
    assert claim["sample_size"] == 10
    assert (results / "figures/missing_teachers.svg").stat().st_size > 1000

"""The worked example of CONTRIBUTING.md, followed to the letter."""

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.engine import copy_checkout, share_compiled, shell

from helpers_commands import TAKES_A_PROFILE, commands_of_page

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^`([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


# What looks at all studies: rooms, generated pages, declarations, tables, claims.
LOOKED_AT = [f"tests/unit/test_{name}.py" for name in ("checkout", "declarations", "claims_ledger")]


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A copy of the checkout with the worked example, followed to the letter."""
    checkout = share_compiled(copy_checkout(tmp_path_factory.mktemp("extended") / "checkout"))
    blocks = BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert 6 <= len(blocks) <= 8
    for name, text in blocks:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists(), name
        path.write_text(text, encoding="utf-8")
    code, output = shell(checkout, "make docs")
    assert code == 0, output
    yield checkout
    shutil.rmtree(checkout)


@pytest.mark.slow
def test_the_checkout_with_the_worked_example_passes_its_tests(extended):
    code, output = shell(extended, "make lint-format lint-style lint-workflow-format lint-workflow")
    assert code == 0, output[-4000:]
    code, output = shell(extended, f"python -m pytest -q {' '.join(LOOKED_AT)}")
    assert code == 0, output[-4000:]


@pytest.mark.slow
def test_the_worked_example_runs(extended):
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (command,) = [
        x for x in commands_of_page(page)[0] if TAKES_A_PROFILE.match(x) and "STUDY=" in x
    ]
    code, output = shell(extended, f"{command} PROFILE=smoke")
    assert code == 0, output[-4000:]
    results = extended / "results/smoke"
    told = re.findall(r"^\w+: +(results/smoke/\S+)$", output, re.MULTILINE)
    assert "results/smoke/index.html" in told
    assert all((extended / place).exists() for place in told)  # it has no notebooks
    (claim,) = json.loads((results / "claims.json").read_text(encoding="utf-8"))
    assert claim["verdict"] == "consistent"
    assert claim["sample_size"] == 10
    assert (results / "figures/missing_teachers.svg").stat().st_size > 1000
    # Nothing but the folder of the study, its rules and its claims was touched.
    front = (results / "index.html").read_text(encoding="utf-8")
    assert "<figure id='missing_teachers'>" in front
    assert "missing_teachers_loss" in (results / "claims.html").read_text(encoding="utf-8")
    assert '"missing_teachers_loss"' in (results / "explorer.html").read_text(encoding="utf-8")
    for page, said in (
        ("README.md", "| `missing_teachers` | Networks that lack some of the teachers. |"),
        ("docs/claims.md", "| `missing_teachers_loss` |"),
        ("docs/figures.md", "## missing_teachers"),
        ("docs/tables.md", "missing_teachers"),
    ):
        assert said in (extended / page).read_text(encoding="utf-8"), page

"""The published results: whole, and made by a config and by code that the history contains."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from relu_landscape.evidence.manifest import git_state

ROOT = Path(__file__).parents[2]
NOTICE = b"> **The ledger of before.**"
PUBLISHED = sorted(path.parent for path in ROOT.glob("figures/*/manifest.json"))


def git(*arguments):
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def has_history():
    if git_state(ROOT)["revision"] is None:
        return False
    return git("rev-parse", "--is-shallow-repository").strip() == b"false"


needs_history = pytest.mark.skipif(not has_history(), reason="a checkout without its history")
each_published = pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def as_made(path):
    """A published file without the notice that a ledger of before carries at its top."""
    content = path.read_bytes()
    return content.partition(b"\n\n")[2] if content.startswith(NOTICE) else content


def test_something_is_published():
    assert PUBLISHED


@each_published
def test_every_published_file_is_the_one_that_the_run_made(folder):
    outputs = manifest_of(folder)["outputs"]
    figures = {name for name in outputs if name.startswith("figures/")}
    assert len(figures) > 2
    ledger = {"claims.json", "claims.md"} & outputs.keys()
    assert "claims.json" in ledger
    for name in figures | ledger:
        shown = folder / Path(name).name
        assert outputs[name] == hashlib.sha256(as_made(shown)).hexdigest(), name
    drawn = {
        f"figures/{path.name}"
        for kind in ("csv", "pdf", "svg")
        for path in folder.glob(f"*.{kind}")
    }
    assert drawn == figures


@each_published
def test_a_ledger_without_the_three_says_so_at_its_top(folder):
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    page = (folder / "claims.md").read_bytes()
    before = any("ledger" not in claim for claim in claims)
    assert page.startswith(NOTICE) == before
    if before:
        assert manifest_of(folder)["code"]["revision"][:12].encode() in page.partition(b"\n\n")[0]


@needs_history
@each_published
def test_the_code_of_the_run_is_in_the_history(folder):
    code = manifest_of(folder)["code"]
    assert code["has_changes"] is False
    git("merge-base", "--is-ancestor", code["revision"], "HEAD")


@needs_history
@each_published
def test_the_config_and_the_lock_of_the_run_are_those_of_its_revision(folder):
    manifest = manifest_of(folder)
    revision, profile = manifest["code"]["revision"], manifest["config"]["profile"]
    assert folder.name == profile
    assert yaml.safe_load(git("show", f"{revision}:config/{profile}.yaml")) == manifest["config"]
    lock = git("show", f"{revision}:requirements.lock")
    assert hashlib.sha256(lock).hexdigest() == manifest["lock_sha256"]

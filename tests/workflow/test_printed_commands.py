"""The commands that the texts print, on the results of a finished smoke run."""

import re
import shutil
import sys

import pytest
import yaml
from tests.engine import shell
from tests.processors import LEAST_LIKE_OTHERS, PROCESSORS, imitable

from helpers_commands import (
    OPTIONS,
    blocks_without_commands,
    commands_to_run,
    missing_steps,
    pip,
    run_for,
)

pytestmark = pytest.mark.slow
# What the reader is told to look for.
SAID = {
    run_for("make study"): ["Nothing to be done"],
    run_for("snakemake --cores all --configfile config/smoke.yaml"): ["Nothing to be done"],
    run_for("make check"): ["All ", " agree with what is published."],
    run_for("make recheck"): ["All ", " agree with what is published."],
    run_for("make claim CLAIM=..."): ["100 % of the work", "Published verdicts", "proved"],
    run_for("python -m relu_landscape show k9-n9"): ["spurious_minimum"],
    "snakemake --help": [option.split()[0] for option in OPTIONS],
}


@pytest.fixture(scope="module")
def reader(smoke, tmp_path_factory):
    """A copy of the finished run for the printed commands, with what some of them speak of."""
    checkout = tmp_path_factory.mktemp("reader") / "checkout"
    shutil.copytree(smoke[0], checkout, symlinks=True)
    (checkout / ".venv").symlink_to(sys.prefix)
    # What a recheck compares with, bit by bit: published may be the run of another processor.
    code, output = shell(checkout, "make publish PROFILE=smoke")
    assert code == 0, output
    config = (checkout / "config/smoke.yaml").read_text(encoding="utf-8")
    mine = config.replace("profile: smoke", "profile: mine")
    (checkout / "config/mine.yaml").write_text(mine, encoding="utf-8")
    slurm = yaml.safe_load((checkout / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
    # What only the executor of Slurm knows.
    planned = {x: slurm[x] for x in slurm if x != "executor" and not x.startswith("slurm")}
    (checkout / "profiles/without_slurm").mkdir()
    (checkout / "profiles/without_slurm/config.yaml").write_text(
        yaml.safe_dump(planned), encoding="utf-8"
    )
    yield checkout
    shutil.rmtree(checkout)


@pytest.mark.parametrize("command", commands_to_run())
def test_what_the_texts_tell_a_reader_to_run(command, reader, monkeypatch):
    monkeypatch.setenv("PIP", pip())
    if command.startswith("make recheck") and imitable([LEAST_LIKE_OTHERS]):
        # On another processor than that of the run.
        for name, value in PROCESSORS[LEAST_LIKE_OTHERS].environment().items():
            monkeypatch.setenv(name, value)
    code, output = shell(reader, command)
    assert code == 0, output[-5000:]
    assert all(words in output for words in SAID.get(command, [])), output[-5000:]
    if command.startswith("make --dry-run"):
        assert output.count("\n") >= 1
        assert missing_steps(output) == []


def test_the_output_that_is_printed_for_reviewers_is_the_one_of_a_run(smoke, reader):
    """`...` stands for what differs."""
    compared = shell(reader, run_for("make check"))[1]
    blocks = blocks_without_commands("REVIEWING.md")
    assert len(blocks) == 2
    for block in blocks:
        lines = "\n".join(line[4:].rstrip() for line in block.splitlines())
        pattern = re.escape(lines).replace(re.escape("..."), ".+")
        assert re.search(pattern, smoke[1] + compared), block

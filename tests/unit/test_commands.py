"""Commands that the texts print: none escapes, and the examples in Python run."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from helpers_commands import (
    INSTEAD,
    ROOT,
    SHELLS,
    commands_of_page,
    commands_of_source,
    fenced_blocks,
    missing_steps,
    printed_commands,
    python_blocks,
    render_table,
    run_for,
    unmarked_commands,
)
from relu_landscape import catalogue
from relu_landscape.catalogue.packaged import export_packaged
from relu_landscape.certificates.check import check_certificate

PRINTED = printed_commands()
PAGE = """Text.

    make one         # a comment
    snakemake --two \\
        --three
    F(W) = 1/2

Call `make\nfour`, `. five/activate`, `make` or `--six`; a file is `seven.py`.

```console
eight \\
  --more
```

```python
make = "nine"
```
"""
SOURCE = '''"""Title.

python -m relu_landscape.nothing FILE...
make a figure, or `make study` it
"""
# Use:
#   make study [PROFILE=quick|smoke] [STUDY=...]   what it does
#   make test | lint
#   snakemake --one \\
#       --two
raise ValueError(
    f"  snakemake --cores {cores}\\n"
    "ask `make nonsense`"
)
'''


def test_commands_of_a_page_are_found_wherever_a_reader_would_copy_them():
    commands, rest = commands_of_page(PAGE)
    blocks = ["eight --more", "make one", "snakemake --two --three"]
    assert commands == [*blocks, "make four", ". five/activate", "--six"]
    assert "make" not in rest


def test_commands_of_a_source_are_found_in_comments_and_messages():
    commands, rest = commands_of_source(SOURCE)
    assert commands == [
        "make study",
        "make nonsense",
        "python -m relu_landscape.nothing FILE...",
        "make study",
        "make study PROFILE=quick",
        "make study PROFILE=smoke",
        "make test",
        "make lint",
        "snakemake --one --two",
        "snakemake --cores {cores}",
    ]
    assert "snakemake" not in rest


def test_no_command_stands_where_none_is_looked_for():
    assert unmarked_commands() == []
    assert "run make study" in commands_of_page("Then run make study again.")[1]


def test_the_texts_print_commands():
    texts = {printed.text for printed in PRINTED}
    assert {"README.md", "REVIEWING.md", "CONTRIBUTING.md", "Makefile"} <= texts
    assert {"Snakefile", "profiles/slurm/config.yaml", "notebooks/certificates.ipynb"} <= texts


def test_what_is_not_run_as_printed_is_printed_and_has_a_reason():
    assert set(INSTEAD) <= {printed.command for printed in PRINTED}
    assert all(instead.reason for instead in INSTEAD.values())


def test_a_command_of_quick_is_run_on_smoke_and_one_that_nobody_knows_as_it_is():
    assert run_for("make study") == "make study PROFILE=smoke"
    assert run_for("make estimate PROFILE=other") == "make estimate PROFILE=other"
    assert run_for("python -m a results/quick figures/quick") == (
        "python -m a results/smoke figures/smoke"
    )
    assert run_for("make nonsense") == "make nonsense"


def test_steps_of_a_recipe_that_are_not_there_are_found():
    recipe = (
        "bin/python -m relu_landscape show\nbin/python -m tests.nothing\n"
        "bin/python -m pytest a.py\n"
        "for x in overview nothing; do \\\n  bin/python benchmarks/$x.py || exit 1; \\\ndone\n"
    )
    assert missing_steps(recipe) == ["a.py", "benchmarks/nothing.py", "tests.nothing"]


@pytest.mark.slow
def test_the_list_of_commands_is_printed():
    listed = subprocess.run(
        [sys.executable, "-m", "tests.helpers_commands"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert listed.stdout == render_table() + "\n"
    assert listed.stdout.count("\n") == len(PRINTED) + 1


@pytest.mark.parametrize(
    "page", ["README.md", "REVIEWING.md", "docs/library.md", "docs/running.md"]
)
def test_every_fenced_block_is_run(page):
    languages = {
        language for language, _ in fenced_blocks((ROOT / page).read_text(encoding="utf-8"))
    }
    assert languages <= {"python", "snakemake", "sql", *SHELLS}


def test_the_workflow_that_a_page_prints_is_the_one_that_is_planned():
    """By tests/workflow/test_places.py."""
    blocks = fenced_blocks((ROOT / "docs/running.md").read_text(encoding="utf-8"))
    planned = (ROOT / ".test/Snakefile").read_text(encoding="utf-8")
    assert [body for language, body in blocks if language == "snakemake"] == [planned]


def run_examples(page, folder):
    """Run the Python of a page as one program, in a folder; every line that prints has to."""
    blocks = python_blocks(page)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks)],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) >= "\n".join(blocks).count("print(") > 0


@pytest.mark.slow
def test_the_example_of_the_readme_runs(tmp_path):
    run_examples("README.md", tmp_path)


@pytest.mark.slow
def test_the_examples_of_the_library_run_in_order(tmp_path):
    export_packaged(tmp_path / "results/catalogue")  # as the command above the block does
    run_examples("docs/library.md", tmp_path)
    (proved,) = check_certificate(tmp_path / "mine.jsonl")
    assert proved.startswith("spurious minimum n=8 k=8")


def test_the_query_of_the_library_finds_the_proved_minima_of_its_size(tmp_path):
    """In SQLite, which comes with Python: DuckDB, whose dialect it is, is not in the lock."""
    page = (ROOT / "docs/library.md").read_text(encoding="utf-8")
    (query,) = [body for language, body in fenced_blocks(page) if language == "sql"]
    (file,) = re.findall(r"read_json\('(.+?)'\)", query)
    exported = export_packaged(tmp_path / Path(file).parent)
    assert tmp_path / file in exported
    rows = pd.read_parquet(exported[0])
    with closing(sqlite3.connect(":memory:")) as database:
        rows.to_sql("entries", database)
        found = database.execute(query.replace(f"read_json('{file}')", "entries")).fetchall()
    points = catalogue.find(k=13, n=13)
    proved = [(x.id, x.loss, x.smallest_eigenvalue) for x in points if x.proved == "proved"]
    assert found == proved != []


def test_the_size_that_is_shown_as_an_example_has_spurious_minima_in_quick():
    shown = {x[1] for p in PRINTED if (x := re.search(r"show k(\d+-n\d+)", p.command))}
    levels = pd.read_csv(Path(ROOT / "figures/quick/class_levels.csv"))
    classified = {f"{k}-n{n}" for k, n in zip(levels["k"], levels["n"], strict=True)}
    assert shown
    assert shown <= classified

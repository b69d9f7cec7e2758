import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from relu_landscape.evidence import provenance
from relu_landscape.evidence.manifest import (
    build_manifest,
    file_digest,
    git_state,
    package_versions,
)
from relu_landscape.evidence.provenance import science_digest, science_modules
from relu_landscape.studies.declarations import declared_steps
from relu_landscape.tables.registry import load_schema, table_homes

ROOT = Path(__file__).parents[2]
LIBRARY = {
    "__init__": "from relu_landscape.room import area\n",
    "seeding": "SEED = 1\n",
    "room/__init__": "from relu_landscape.room.shapes import area\nfrom .colours import shade\n",
    "room/shapes": (
        '"""Shapes."""\nfrom ..seeding import SEED\n\ndef area(r):\n    return 3 * r * SEED\n'
    ),
    "room/colours": "def shade(x):\n    return x + 1\n",
    "other/__init__": "",
    "other/lonely": "LONELY = 1\n",
    "other/lazy": "def run():\n    from relu_landscape.room import colours\n    return colours\n",
    "evidence/__init__": "",
    "evidence/arrays": "from relu_landscape.other import lonely\nX = 1\n",
    "evidence/audit": "from relu_landscape.evidence.arrays import X\nTOLERANCE = 1\n",
    "tables/files": "from relu_landscape.other import lonely\nX = 1\n",
    "search/__init__": "",
    "search/tables": "from relu_landscape.other import lonely\nclass BadRunEnds:\n    k: int\n",
    "search/rates": "from relu_landscape.search.tables import BadRunEnds\n",
    "room/settings": "from relu_landscape.settings.kinds import LARGEST\nSMALLEST = 1\n",
    "settings/__init__": "",
    "settings/kinds": "LARGEST = 1\n",
}


@pytest.fixture
def library(tmp_path):
    """A small library; `library(script)` is the digest of a script, `library.edit` changes it."""

    class Library:
        root = tmp_path / "src"

        def edit(self, module, text):
            path = self.root / "relu_landscape" / f"{module}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

        def script(self, text):
            path = tmp_path / "script.py"
            path.write_text(text, encoding="utf-8")
            return path

        def __call__(self, text, also=()):
            return science_digest(self.script(text), self.root, also)

        def modules(self, text, also=()):
            found = science_modules(self.script(text), self.root, also)
            return {name.removeprefix("relu_landscape").removeprefix(".") for name in found}

        def changes(self, script, module, old, new, also=()):
            before = self(script, also)
            self.edit(module, LIBRARY[module].replace(old, new))
            after = self(script, also)
            self.edit(module, LIBRARY[module])
            assert self(script, also) == before
            return before != after

    made = Library()
    for module, text in LIBRARY.items():
        made.edit(module, text)
    return made


SHAPES = "from relu_landscape.room.shapes import area\nprint(area(2))\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("import numpy\n", set()),
        ("import relu_landscape.room.shapes\n", {"room.shapes", "seeding"}),
        (SHAPES, {"room.shapes", "seeding"}),
        ("from relu_landscape.room import shapes\n", {"room.shapes", "seeding"}),
        ("from relu_landscape.room import area\n", {"room.shapes", "seeding"}),
        ("from relu_landscape import area as a\n", {"room.shapes", "seeding"}),
        ("from relu_landscape.room import shade\n", {"room.colours"}),
        ("from relu_landscape import room\n", {"room", "room.shapes", "room.colours", "seeding"}),
        ("import relu_landscape\n", {"", "room.shapes", "seeding"}),
        ("from relu_landscape.room import *\n", {"room", "room.shapes", "room.colours", "seeding"}),
        ("def f():\n    from relu_landscape import seeding\n", {"seeding"}),
        ("from relu_landscape.other import lazy\n", {"other.lazy", "room.colours"}),
        ("from relu_landscape.evidence.arrays import X\n", set()),
        ("from relu_landscape.evidence import arrays\n", set()),
        ("from relu_landscape.tables.files import X\n", set()),
        ("from relu_landscape.search.tables import BadRunEnds\n", set()),
        ("from relu_landscape.search import tables\n", set()),
        ("from relu_landscape.search import rates\n", {"search.rates"}),
        ("from relu_landscape.evidence import audit\n", {"evidence.audit"}),
        ("from relu_landscape.room.settings import SMALLEST\n", set()),
        ("from relu_landscape.settings import kinds\n", set()),
        ("import relu_landscape_extra\n", set()),
    ],
)
def test_the_modules_behind_an_import(library, script, expected):
    assert library.modules(script) == expected


def test_modules_loaded_by_name_can_be_added(library):
    assert library.modules("", ["relu_landscape.other.lonely"]) == {"other.lonely"}
    also = ("relu_landscape.other.lonely",)
    assert library.changes("", "other/lonely", "1", "2", also)


def test_a_change_of_science_changes_the_digest(library):
    assert library.changes(SHAPES, "room/shapes", "3 * r", "4 * r")
    assert library.changes(SHAPES, "seeding", "1", "2")


def test_a_change_of_the_script_changes_the_digest(library):
    assert library(SHAPES) != library(SHAPES.replace("2", "3"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Shapes.", "All about shapes."),
        ("return 3", "# a comment\n    return 3"),
        ("return 3", '"""Area of a disc."""\n    return 3'),
        ("3 * r * SEED", "(3 * r\n        * SEED)"),
        ("def area(r):", "def area( r ):"),
        ('"""Shapes."""', ""),
    ],
)
def test_comments_docstrings_and_layout_do_not_count(library, old, new):
    assert old in LIBRARY["room/shapes"]
    assert not library.changes(SHAPES, "room/shapes", old, new)


def test_comments_of_the_script_do_not_count(library):
    assert library(SHAPES) == library('"""Adapter."""\n' + SHAPES + "# done\n")


def test_what_the_script_does_not_use_does_not_count(library):
    assert not library.changes(SHAPES, "room/colours", "x + 1", "x + 2")
    assert not library.changes(SHAPES, "room/__init__", "from .colours import shade\n", "")


def test_a_name_that_is_exported_from_elsewhere_counts(library):
    script = "from relu_landscape.room import shade\n"
    assert library.changes(script, "room/__init__", ".colours", "relu_landscape.other.lazy")


def test_storage_does_not_count_but_audits_do(library):
    script = (
        "from relu_landscape.evidence.audit import TOLERANCE\n"
        "from relu_landscape.evidence.arrays import X\n"
        "from relu_landscape.tables.files import X\n"
    )
    assert not library.changes(script, "evidence/arrays", "X = 1", "X = 2")
    assert not library.changes(script, "tables/files", "X = 1", "X = 2")
    assert library.changes(script, "evidence/audit", "= 1", "= 2")


def changed_schema(monkeypatch, **changes):
    """Let the first column of bad_run_ends be another one."""
    schema = load_schema("bad_run_ends")
    first, *others = schema.columns
    changed = replace(schema, columns=(replace(first, **changes), *others))
    monkeypatch.setattr(
        provenance,
        "load_schema",
        lambda name: changed if name == schema.name else load_schema(name),
    )


NAMING = [
    'write("bad_run_ends")\n',
    "from relu_landscape.search.tables import BadRunEnds\n",
    "from relu_landscape.search.tables import *\n",
    "from relu_landscape.search import tables\n",
    "import relu_landscape.search.tables\n",
    "from relu_landscape.search import rates\n",
]


@pytest.mark.parametrize("script", NAMING)
def test_the_columns_of_a_table_count_and_their_texts_do_not(library, script, monkeypatch):
    before = library(script)
    changed_schema(monkeypatch, description="Something else.", unit="batches")
    assert library(script) == before
    changed_schema(monkeypatch, allowed=("safran2018",))
    assert library(script) != before


@pytest.mark.parametrize(
    "script",
    ['write("bad_run_rates")\n', "from relu_landscape.search.tables import BadRunRates\n", SHAPES],
)
def test_the_columns_of_other_tables_do_not_count(library, script, monkeypatch):
    before = library(script)
    changed_schema(monkeypatch, allowed=("safran2018",))
    assert library(script) == before
    library.edit("search/tables", "class Another:\n    k: float\n")
    assert library(script) == before


def test_modules_that_import_each_other_do_no_harm(library):
    library.edit("seeding", "import relu_landscape.room.shapes\nSEED = 1\n")
    assert library.modules(SHAPES) == {"room.shapes", "seeding"}


@pytest.mark.parametrize(
    ("script", "module"),
    [
        ("import relu_landscape.absent\n", "relu_landscape.absent"),
        ("from relu_landscape.absent import x\n", "relu_landscape.absent"),
        ("from relu_landscape.absent.deep import x\n", "relu_landscape.absent.deep"),
    ],
)
def test_an_import_of_a_module_that_does_not_exist_is_told(library, script, module):
    with pytest.raises(ValueError, match=rf"script\.py imports {module}, but there is none"):
        library(script)


def test_a_name_to_add_that_does_not_exist_is_told(library):
    with pytest.raises(ValueError, match=r"no module relu_landscape\.absent"):
        library("", ["relu_landscape.absent"])


STEPS = declared_steps()


def source_of(rule):
    """The file that says what a rule computes."""
    if rule in STEPS:
        return ROOT / "src" / STEPS[rule].file
    return ROOT / "workflow/scripts" / f"{rule}.py"


@pytest.mark.parametrize("rule", [*STEPS, "judge_claims", "plot_figure", "run_notebook"])
def test_every_source_of_a_rule_has_a_digest_without_storage(rule):
    path = source_of(rule)
    assert len(science_digest(path, ROOT / "src")) == 64
    modules = science_modules(path, ROOT / "src")
    stored = {name for name in modules if name.startswith("relu_landscape.evidence")}
    deciding = ("audit", "audit_curvature")
    assert stored <= {f"relu_landscape.evidence.{name}" for name in deciding}


@pytest.mark.parametrize("step", STEPS)
def test_no_step_depends_on_how_verdicts_are_found_and_worded(step):
    of_verdicts = re.compile(r"relu_landscape\.(ledger|judging\.(rows|findings|words))\b")
    assert not list(filter(of_verdicts.match, science_modules(source_of(step), ROOT / "src")))


def test_a_change_of_the_proof_code_repeats_no_restart(tmp_path):
    scripts = {
        name: source_of(name)
        for name in ("propose_basins", "run_restarts", "certify_basins", "check_certificates")
    }
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    before = {name: science_digest(path, tmp_path / "src") for name, path in scripts.items()}
    for module in (tmp_path / "src/relu_landscape/certificates").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        module.write_text(f"{text}\nOTHER_MEANING = 1\n", encoding="utf-8")
    after = {name: science_digest(path, tmp_path / "src") for name, path in scripts.items()}
    assert {name for name in scripts if before[name] != after[name]} == {
        "certify_basins",
        "check_certificates",
    }


def git(folder, *arguments):
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def repository(tmp_path):
    """A git repository of one commit, whose path has a space and an accent."""
    folder = tmp_path / "répo sitory"
    folder.mkdir()
    git(folder, "init")
    (folder / "a").write_text("1", encoding="utf-8")
    git(folder, "add", "a")
    git(folder, "commit", "-m", "a")
    return folder


def test_the_state_of_a_checkout(repository):
    state = git_state(repository)
    assert len(state["revision"]) == 40
    assert state["has_changes"] is False
    (repository / "a").write_text("2", encoding="utf-8")
    assert git_state(repository) == {"revision": state["revision"], "has_changes": True}


def test_the_state_of_a_shallow_clone_is_its_revision(repository, tmp_path):
    git(tmp_path, "clone", "--depth", "1", repository.as_uri(), "shallow")
    assert git_state(tmp_path / "shallow") == git_state(repository)


def assert_unknown(state, reason):
    assert state["revision"] is None
    assert state["has_changes"] is None
    assert reason in state["unknown_because"]


def test_a_folder_inside_another_repository_has_no_revision(repository):
    inner = repository / "inner"
    inner.mkdir()
    assert_unknown(git_state(inner), "inside another one")
    git(inner, "init")
    assert_unknown(git_state(inner), "HEAD")  # nothing was committed


def test_a_folder_outside_git_has_no_revision(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert_unknown(git_state(tmp_path), "not a git repository")
    # In a hook git says which repository it is about.
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    assert_unknown(git_state(tmp_path), "not a git repository")


def test_without_git_there_is_no_revision(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert_unknown(git_state(repository), "git cannot be run")


def test_packages_are_those_that_are_imported(tmp_path, monkeypatch):
    for path, text in {
        "first/one-1.0.dist-info/METADATA": "Name: one\nVersion: 1.0\n",
        "second/one-2.0.dist-info/METADATA": "Name: one\nVersion: 2.0\n",
        "second/unnamed-1.0.dist-info/METADATA": "Version: 1.0\n",
        "second/unversioned.dist-info/METADATA": "Name: unversioned\n",
        "second/broken.dist-info/RECORD": "",
        "second/.dist-info/RECORD": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "first"), str(tmp_path / "second")])
    assert package_versions() == {"one": "1.0"}


def test_the_manifest_names_everything_that_identifies_a_run(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    results = tmp_path / "results"
    (results / "tables").mkdir(parents=True)
    output = results / "tables" / "a.parquet"
    output.write_bytes(b"abc")
    lock = tmp_path / "requirements.lock"
    lock.write_text("numpy==2\n", encoding="utf-8")
    manifest = build_manifest(
        config={"profile": "smoke", "study": {"seed": 2018}},
        lock_file=lock,
        repository=tmp_path,
        outputs=[output],
        results=results,
    )
    assert manifest["outputs"] == {"tables/a.parquet": file_digest(output)}
    assert file_digest(output).startswith("ba7816bf8f01cfea")  # SHA-256 of abc
    assert manifest["lock_sha256"] == file_digest(lock)
    assert manifest["config"] == {"profile": "smoke", "study": {"seed": 2018}}
    assert manifest["seeds"] == {"study": 2018}
    assert manifest["threads"]["OMP_NUM_THREADS"] == "1"
    assert {"numpy", "pandas", "scipy"} <= set(manifest["packages"])
    assert manifest["cpu"]
    assert manifest["instructions"]["width"] in {128, 256, 512}
    assert json.loads(json.dumps(manifest)) == manifest


def seeds_of(config, tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.touch()
    manifest = build_manifest(
        config=config, lock_file=lock, repository=tmp_path, outputs=[], results=tmp_path
    )
    return manifest["seeds"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {}),
        ({"audit": {"seed": 1, "digits": 50}}, {"audit": 1}),
        ({"a": {"b": {"c": {"seed": 0}}, "seed": 7}}, {"a.b.c": 0, "a": 7}),
        (
            {"searches": [{"name": "first", "seed": 1}, {"name": "second", "seed": 2}]},
            {"searches.first": 1, "searches.second": 2},
        ),
        ({"searches": [{"seed": 1}, 5, "text", {"seed": 2}]}, {"searches.0": 1, "searches.3": 2}),
        ({"seeds": 5, "seedling": {"x": 1}, "text": "seed"}, {}),
    ],
)
def test_the_manifest_finds_every_seed_by_its_place(config, expected, tmp_path):
    assert seeds_of(config, tmp_path) == expected


@pytest.mark.parametrize("profile", ["smoke", "quick", "paper"])
def test_the_manifest_finds_every_seed_of_a_profile(profile, tmp_path):
    text = (ROOT / "config" / f"{profile}.yaml").read_text(encoding="utf-8")
    found = seeds_of(yaml.safe_load(text), tmp_path)
    printed = [int(value) for value in re.findall(r"\bseed: *(\d+)", text)]
    assert sorted(found.values()) == sorted(printed)
    assert len(printed) > 8
    config = yaml.safe_load(text)
    assert found["safran.searches.safran2018"] == config["safran"]["searches"][0]["seed"]
    assert found["audit"] == config["audit"]["seed"]


def test_a_missing_output_is_an_error(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.touch()
    with pytest.raises(FileNotFoundError):
        build_manifest(
            config={},
            lock_file=lock,
            repository=tmp_path,
            outputs=[tmp_path / "absent"],
            results=tmp_path,
        )


RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^rule |\Z)", re.MULTILINE | re.DOTALL)
TABLE_FILE = re.compile(r"<results>/(?:tables/|statistics/)?(\w+)[/.]\S*parquet")


def written_tables():
    """Each rule's source with the tables that the rule writes."""
    for path in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for name, body in RULE.findall(path.read_text(encoding="utf-8")):
            output = re.search(r"^    output:\n(.*?)^    \w+:", body, re.MULTILINE | re.DOTALL)
            tables = TABLE_FILE.findall(output[1]) if output else []
            if tables:
                yield name, source_of(name), tables


def test_every_script_names_the_tables_that_it_writes():
    """Their columns are in its digest then: under other columns old files cannot be read."""
    found = list(written_tables())
    assert len(found) > 30
    for name, script, tables in found:
        text = script.read_text(encoding="utf-8")
        lacking = [
            table
            for table in tables
            if f'"{table}"' not in text and not re.search(rf"\b{table_homes()[table][1]}\b", text)
        ]
        assert not lacking, (name, lacking)

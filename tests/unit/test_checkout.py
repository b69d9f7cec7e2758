"""The checkout itself: environment files that agree, rooms that import what they may, docs."""

import ast
import json
import re
import tomllib
from importlib.util import resolve_name
from pathlib import Path

import pytest
import yaml

import relu_landscape
from relu_landscape.evidence.conda_environment import conda_environment
from relu_landscape.evidence.costs import read_job_seconds
from relu_landscape.ledger.claims import read_claims
from relu_landscape.ledger.references import read_references
from relu_landscape.ledger.theorems_page import read_pieces, read_words, render_theorems
from relu_landscape.settings.pages import config_page, config_schema
from relu_landscape.settings.whole import whole_model
from relu_landscape.studies.declarations import declared_figures, declared_steps
from relu_landscape.studies.figure_dictionary import render_figure_dictionary
from relu_landscape.studies.proofs import proof_columns
from relu_landscape.studies.readme_parts import readme_of
from relu_landscape.tables.dictionary import render_dictionary
from relu_landscape.tables.registry import load_schema, table_names

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/relu_landscape"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# The house from the ground up: which rooms a room, or a module that stands alone, may import. Those
# of the ground floor are free for all.
GROUND = {
    "arguments": set(),
    "compiling": set(),
    "eigenspaces": set(),
    "lazy": set(),
    "pickling": set(),
    "storage": set(),
    "settings": set(),
    "seeding": {"arguments"},
    "tables": {"storage"},
    "judging": {"arguments", "tables"},
}
ROOMS = GROUND | {
    "figures": set(),
    "objective": set(),
    "activation_regions": set(),
    "search": {"objective"},
    "processor": {"search"},
    "fixed_work": {"search", "processor"},
    "symmetry": set(),
    "catalogue": {"symmetry"},
    "global_minima": {"objective", "search"},
    "single_teacher": {"objective", "search", "global_minima"},
    "minima": {"objective", "search", "symmetry", "global_minima"},
    "families": {"objective", "search", "symmetry", "minima"},
    # Data types and points to start from only: what is proved here shares no arithmetic with them.
    "certificates": {"search", "symmetry", "global_minima", "families"},
    "every_k": {"certificates", "families"},
    "leaky": {"objective", "search", "symmetry", "families", "certificates"},
    "general_teachers": {"objective", "search", "minima", "families", "certificates"},
    "fewer_students": {"search", "symmetry", "certificates"},
    "signed_outputs": {
        *("objective", "search", "symmetry", "families", "minima", "certificates"),
        "fewer_students",
    },
    "finite_stationary": {"certificates"},
    "evidence": {"objective", "catalogue", "certificates", "processor", "fixed_work"},
    "studies": {
        *("activation_regions", "certificates", "every_k", "families", "global_minima", "leaky"),
        *("catalogue", "objective", "search", "symmetry", "evidence", "figures", "single_teacher"),
        *("fewer_students", "general_teachers", "minima", "signed_outputs"),
        "finite_stationary",
    },
    "ledger": {"evidence", "studies"},
    "explorer": {
        *("catalogue", "evidence", "ledger", "minima", "search", "studies", "symmetry"),
    },
    "archive": {"certificates", "evidence", "figures", "ledger", "studies"},
    "__main__": {"archive", "catalogue", "certificates", "evidence", "ledger", "studies"},
}
# Each stands alone.
CHECKERS = set(SOURCE.glob("certificates/check*.py"))
PAGES = ("figures", "tables")
# The face of the package shows names of rooms.
FACE = {"__init__"}


def names_in_lock(name):
    """Package -> version, of a lock file."""
    return dict(
        re.findall(
            r"^([A-Za-z0-9._-]+)==([^ ;\\]+)",
            (ROOT / name).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )


def required(specifiers):
    return {re.match(r"[A-Za-z0-9._-]+", specifier)[0].lower() for specifier in specifiers}


def test_lock_pins_everything_the_project_asks_for():
    extras = PROJECT["project"]["optional-dependencies"].values()
    asked = required(PROJECT["project"]["dependencies"]).union(*map(required, extras))
    assert asked <= set(names_in_lock("requirements.lock"))


def test_every_pin_has_a_hash():
    for name in ("requirements.lock", "requirements-bench.lock", "requirements-cluster.lock"):
        text = re.sub(
            r"^ *#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        for entry in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("group", PROJECT["dependency-groups"])
def test_lock_of_a_group_has_the_same_versions(group):
    lock, more = names_in_lock("requirements.lock"), names_in_lock(f"requirements-{group}.lock")
    assert required(PROJECT["dependency-groups"][group]) <= set(more)
    assert {name: more[name] for name in more if name in lock} == {
        name: lock[name] for name in more if name in lock
    }


def test_conda_environment_is_python_and_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, rest = environment["dependencies"]
    version = python.removeprefix("python=")
    assert version in {"3.11", "3.12", "3.13"}
    assert pip == "pip"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = dict(pin.split(" ")[0].split("==") for pin in rest["pip"])
    assert pins == names_in_lock("requirements.lock")
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == conda_environment(lock)
    assert PROJECT["project"]["requires-python"] == ">=3.11,<3.14"


@pytest.mark.parametrize("name", [".github/workflows/ci.yml", ".gitlab-ci.yml"])
def test_the_files_of_hosts_call_what_runs_here(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert "bash .ci/run" in text
    called = set(re.findall(r"\bmake ([\w-]+)", text))
    assert called == {"study", "check", "recheck"} <= set(" ".join(targets).split())


def imported_names(text, package):
    """What a module of a package imports, by full names."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def imported_rooms(text, package):
    """Name -> room, of what is imported from rooms."""
    for name in imported_names(text, package):
        parts = name.split(".")
        if parts[0] == "relu_landscape" and len(parts) > 1 and parts[1] in ROOMS:
            yield name, parts[1]


def modules_of(room):
    """The modules of a room, or the module of this name."""
    return [*(SOURCE / room).rglob("*.py")] or [SOURCE / f"{room}.py"]


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_what_they_may(room):
    free = ROOMS[room] if room in GROUND else ROOMS[room] | GROUND.keys()
    for path in modules_of(room):
        text, package = (
            path.read_text(encoding="utf-8"),
            ".".join(path.parent.relative_to(SOURCE.parent).parts),
        )
        for name in imported_names(text, package):
            assert not name.startswith("snakemake"), path
            # The public names of the package come from any room.
            assert name.removeprefix("relu_landscape.") not in relu_landscape.__all__, path
        for name, other in imported_rooms(text, package):
            assert other in free | {room}, f"{path} imports {name}"


def test_no_room_imports_one_above():
    names = [*ROOMS]
    for place, room in enumerate(names):
        assert ROOMS[room] <= set(names[:place]), room


@pytest.mark.parametrize(
    "line",
    [
        "import relu_landscape.search",
        "from relu_landscape import search",
        "from relu_landscape.search import descend",
        "from .. import search",
        "from ..search import descend",
        "from ..search.descent import descend",
    ],
)
def test_a_room_is_seen_in_any_form_of_an_import(line):
    assert [room for _, room in imported_rooms(line, "relu_landscape.objective")] == ["search"]


def test_every_room_is_listed():
    folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert folders | {path.stem for path in SOURCE.glob("*.py")} == set(ROOMS) | FACE


# Names that any room may have a module of: its own tables, its own settings, its own rows.
OF_EVERY_ROOM = {"__init__", "records", "rows", "settings", "tables"}
# Folders of a room or a study whose modules bear the names of what they hold, draw, judge or run.
BY_SUBJECT = {"tables", "figures", "verdicts", "steps", "entries"}


def owners(names):
    """Name -> paths of the modules that have it, of (name, path), where they are several."""
    found = {}
    for name, path in names:
        found.setdefault(name, []).append(str(path.relative_to(SOURCE)))
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def module_names():
    """Name and path of each module whose name should say what it is about."""
    for path in SOURCE.rglob("*.py"):
        folders = path.relative_to(SOURCE).parts[1:-1]
        if path.stem not in OF_EVERY_ROOM and not BY_SUBJECT.intersection(folders):
            yield path.stem, path


def class_names():
    """Name and path of each public class.

    Not of the checkers', which share nothing with the library, nor of sections of the config,
    which bear the names of their keys.
    """
    for path in {*SOURCE.rglob("*.py")} - CHECKERS:
        if path.stem != "settings":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield node.name, path


def test_no_two_modules_of_rooms_bear_one_name():
    assert not owners(module_names())


def test_no_two_public_classes_bear_one_name():
    assert not owners(class_names())


def test_a_name_that_two_modules_have_is_seen():
    first, second, other = (SOURCE / name for name in ("search/a.py", "minima/a.py", "minima/b.py"))
    assert owners([("a", first), ("a", second), ("b", other)]) == {
        "a": ["search/a.py", "minima/a.py"]
    }


@pytest.mark.parametrize("name", relu_landscape.__all__)
def test_public_names_are_there_and_say_what_they_do(name):
    assert getattr(relu_landscape, name).__doc__


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="nonsense"):
        relu_landscape.nonsense  # noqa: B018


def test_every_rule_is_a_step_or_has_a_script():
    rules = {
        name
        for path in (ROOT / "workflow/rules").glob("*.smk")
        for name in re.findall(r"^rule (\w+):", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    # The rules that collect are made in a loop.
    scripts = {path.stem for path in (ROOT / "workflow/scripts").glob("*.py")}
    steps = set(declared_steps())
    assert not scripts & steps
    assert rules | {"collect", "run_step"} == scripts | steps


def test_every_step_is_given_to_its_rule_by_its_own_name():
    """Not found by the name of the rule, which is another where the workflow is imported."""
    rule = re.compile(r"^rule (\w+):\n(.*?)(?=^rule |\Z)", re.MULTILINE | re.DOTALL)
    given = {
        name: re.findall(r"^ {8}\*\*step\(\"(\w+)\"\),$", body, re.MULTILINE)
        for path in (ROOT / "workflow/rules").glob("*.smk")
        for name, body in rule.findall(path.read_text(encoding="utf-8"))
    }
    steps = set(declared_steps())
    assert given == {name: [name] if name in steps else [] for name in given}


def test_generated_pages_are_up_to_date():
    pages = {"README.md": config_page(whole_model()), "schema.json": config_schema(whole_model())}
    for name, page in pages.items():
        assert (ROOT / "config" / name).read_text(encoding="utf-8") == page, "make docs"
    dictionary = render_dictionary(map(load_schema, table_names()), proof_columns)
    assert (ROOT / "docs/tables.md").read_text(encoding="utf-8") == dictionary, "make docs"
    numbers = render_figure_dictionary(declared_figures())
    assert (ROOT / "docs/figures.md").read_text(encoding="utf-8") == numbers, "make docs"
    assert (ROOT / "README.md").read_text(encoding="utf-8") == readme_of(ROOT), "make docs"
    proved = read_claims([str(ROOT / "claims/theorems.yaml")])
    seconds = read_job_seconds(ROOT / "figures/quick/costs.tsv")
    ledger = ROOT / "figures/quick/claims.json"
    theorems = render_theorems(proved, seconds, read_pieces(ledger), read_words(ledger))
    assert (ROOT / "docs/theorems.md").read_text(encoding="utf-8") == theorems, "make docs"


@pytest.mark.slow
def test_no_tolerance_of_an_array_is_wider_than_it_looks():
    """numpy adds rtol = 1e-7 to an atol that stands alone."""
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("assert_allclose"):
                names = {keyword.arg for keyword in node.keywords}
                assert "rtol" in names or "atol" not in names, f"{path}:{node.lineno}: no rtol"


def test_links_of_pages_lead_somewhere():
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#:\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def unexplained(columns, numbers, dictionary):
    """Columns of a figure that neither the words of its section nor those of tables explain."""
    in_tables = re.findall(r"^(?:\| |- )`(\w+)`", dictionary, re.MULTILINE)
    return sorted(set(columns) - set(re.findall(r"\w+", numbers)) - set(in_tables))


def test_every_column_of_a_published_figure_is_explained():
    pages = {name: (ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in PAGES}
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", pages["figures"], re.M | re.S))
    for path in ROOT.glob("figures/quick/*.csv"):
        columns = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert unexplained(columns, sections[path.stem], pages["tables"]) == [], path.stem
    assert unexplained(["k", "x_low"], "x with its ends", "| `k`* | int64 |") == ["x_low"]


def test_the_citation_names_every_work_that_claims_are_about():
    references = read_references(str(ROOT / "published/references.yaml")).values()
    works = [work for reference in references for work in reference.works]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    cited = [(x["title"], x["year"], x.get("doi")) for x in citation["references"]]
    assert cited == [(x.title, x.year, next(iter(x.dois), None)) for x in works]
    for named, work in zip(citation["references"], works, strict=True):
        families = [x["family-names"] for x in named["authors"]]
        assert len(families) == len(work.authors)
        assert all(map(str.endswith, work.authors, families)), work.title


def test_the_workflow_catalogue_finds_what_it_asks_for():
    """For its standardised usage: the workflow, how it is configured, and how it is deployed."""
    assert (ROOT / "workflow/Snakefile").is_file()
    assert (ROOT / "config/README.md").is_file()
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert {"snakemake", "workflow"} <= set(re.findall(r"\w+", readme))
    text = (ROOT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8")
    usage = yaml.safe_load(text)["usage"]
    assert usage.keys() == {"mandatory-flags", "software-stack-deployment", "report"}
    assert usage["mandatory-flags"].keys() == {"desc", "flags"}
    assert all(isinstance(works, bool) for works in usage["software-stack-deployment"].values())


# Methods and functions that read or write text in the encoding of the locale unless told another.
OF_TEXT = {"open", "read_text", "write_text"}
# Rules files that are Python; the others hold rules alone.
PYTHON_RULES = ["workflow/rules/common.smk", "workflow/rules/cases.smk"]


def python_texts():
    """Path and Python text of every module, script, test, helper of the rules and notebook."""
    for folder in ("src", "workflow", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path, path.read_text(encoding="utf-8")
    for name in PYTHON_RULES:
        yield name, (ROOT / name).read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [line for cell in cells if cell["cell_type"] == "code" for line in cell["source"]]
        yield path, "".join(f"{line.rstrip()}\n" for line in lines if not line.startswith("%"))


def calls_in_the_encoding_of_the_locale(text):
    """The calls in a Python text that read or write text and do not say in which encoding."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        method = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = "open" if ast.unparse(node.func) == "open" else method
        modes = [ast.unparse(value) for value in [*node.args, *keywords.values()]]
        opens = name in OF_TEXT and ast.unparse(node.func) != "os.open" and not is_binary(modes)
        pipes = "text" in keywords or "universal_newlines" in keywords
        if (opens or pipes) and "encoding" not in keywords:
            yield ast.unparse(node)


def is_binary(arguments):
    return any(re.fullmatch(r"'[rwxa]b\+?'", argument) for argument in arguments)


@pytest.mark.slow
def test_text_is_read_and_written_as_utf8_whatever_the_locale():
    found = [
        f"{path}: {call}"
        for path, text in python_texts()
        for call in calls_in_the_encoding_of_the_locale(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "call",
    [
        "open(path)",
        "open(path, 'w')",
        "path.open()",
        "path.open(mode='a')",
        "path.read_text()",
        "path.write_text('text')",
        "subprocess.run(command, text=True)",
    ],
)
def test_a_call_without_an_encoding_is_seen(call):
    assert list(calls_in_the_encoding_of_the_locale(call)) == [call]


@pytest.mark.parametrize(
    "call", ["path.open('rb')", "open(path, encoding='utf-8')", "write_text(path, 'text')"]
)
def test_a_call_with_an_encoding_or_of_bytes_passes(call):
    assert not list(calls_in_the_encoding_of_the_locale(call))


MOST_ARGUMENTS = 6
# Decorators of what numba compiles: there each number and array is an argument of its own.
COMPILED = {"borrowing", "compiled_and_kept", "intrinsic"}
STEPS = "studies/*/steps/*.py"
ENTRIES = "studies/*/entries/*.py"
# What a step is given by the name of a file or a case; settings have a class.
STORED = {"pd.DataFrame", "Arrays", "Mapping[str, pd.DataFrame]", "Mapping[str, Arrays]"}
BY_NAME = STORED | {"Mapping[str, range]"}


def arguments_of(node):
    """Name -> annotation as written, of the arguments of a function, its object apart."""
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    texts = {one.arg: ast.unparse(one.annotation) if one.annotation else "" for one in given}
    return {name: text for name, text in texts.items() if name not in {"self", "cls"}}


def functions_in(text):
    """The functions of a module but those that numba compiles."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            marks = {ast.unparse(mark).partition("(")[0] for mark in node.decorator_list}
            if not marks & COMPILED:
                yield node


def long_functions(text, apart=()):
    """Names of the functions with too many arguments, those annotated with `apart` left out."""
    for node in functions_in(text):
        counted = [one for one in arguments_of(node).values() if one not in apart]
        if len(counted) > MOST_ARGUMENTS:
            yield node.name


def mappings_of_the_config(text):
    """The arguments of the step in a module that are mappings of something else."""
    for node in functions_in(text):
        for name, annotation in arguments_of(node).items():
            mapping = re.search(r"\b(Mapping|dict)\b", annotation) and annotation not in BY_NAME
            if mapping and not node.name.startswith("_"):
                yield f"{name}: {annotation}"


@pytest.mark.slow
def test_no_function_below_the_face_takes_many_arguments():
    # A step names each table and array that it reads, as its rule does, and so does what makes
    # entries of the catalogue; a checker writes formulas as they stand in its lemmas.
    steps = {*SOURCE.glob(STEPS), *SOURCE.glob(ENTRIES)}
    found = {
        name
        for path in {*SOURCE.rglob("*.py")} - CHECKERS
        for name in long_functions(
            path.read_text(encoding="utf-8"), STORED if path in steps else ()
        )
    }
    assert found <= set(relu_landscape.__all__)


def test_steps_are_given_settings_and_no_mappings_of_the_config():
    for path in SOURCE.glob(STEPS):
        assert not list(mappings_of_the_config(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("def draw(a, b, /, c, d, *, e, f): ...", []),
        ("def draw(a, b, /, c, d, *, e, f, g): ...", ["draw"]),
        ("def draw(a, b, c, d, e, f, g: Arrays): ...", []),
        ("@borrowing\ndef draw(a, b, c, d, e, f, g): ...", []),
        ("@compiled_and_kept(cache=True)\ndef draw(a, b, c, d, e, f, g): ...", []),
        ("@cache\ndef draw(a, b, c, d, e, f, g): ...", ["draw"]),
        ("class Deck:\n    def draw(self, a, b, c, d, e, f, g): ...", ["draw"]),
    ],
)
def test_many_arguments_are_seen(line, names):
    assert list(long_functions(line, STORED)) == names


@pytest.mark.parametrize("annotation", ["Mapping[str, Any]", "dict", "Mapping[str, int] | None"])
def test_a_mapping_of_the_config_is_seen(annotation):
    step = f"def draw(tables: Mapping[str, pd.DataFrame], drawn: {annotation}): ..."
    assert list(mappings_of_the_config(step)) == [f"drawn: {annotation}"]


def test_only_the_ledger_says_proved():
    # It does where every listed case has a certificate: a study counts those, and no more.
    for path in modules_of("studies"):
        assert "Verdict.PROVED" not in path.read_text(encoding="utf-8"), path

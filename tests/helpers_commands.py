"""The commands that the texts print, and what is run to test each.

`python -m tests.helpers_commands` lists them. A command is found where a reader would copy it: in
an indented or fenced block, in backquotes, or alone in a line of a comment or message.
"""

from __future__ import annotations

import ensurepip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from relu_landscape.certificates.checkers import CHECKERS

ROOT = Path(__file__).parents[1]
PAGES = (
    "*.md",
    "config/*.md",
    "docs/*.md",
    "benchmarks/*.md",
    "figures/*/*.md",
    "published/*.md",
    "notebooks/*.ipynb",
)
SOURCES = (
    "Snakefile",
    ".test/Snakefile",
    "workflow/**/*",
    "src/**/*.py",
    "src/**/*.yaml",
    "profiles/*/*.yaml",
    "config/*.yaml",
    "claims/*.yaml",
    "environment.yml",
    "Makefile",
)
SHELLS = {"bash", "console", "sh", "shell"}

_PROGRAM = (
    r"(?:(?:make|snakemake|python3?|pip|git|uv|conda|mamba|podman|bash|sh|sbatch|source|cp|rm)\s"
    r"|\. \S)"
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"(?<=\n\n)(?: {4}.*\n)+")
_COMMAND_OF_BLOCK = re.compile(rf"^ *({_PROGRAM}(?:.*\\\n)*.*)$", re.MULTILINE)
_COMMAND_OF_FENCE = re.compile(r"^((?:.*\\\n)*.+)$", re.MULTILINE)  # nothing else stands there
_QUOTED = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_COMMAND = re.compile(rf"{_PROGRAM}|--")
# In a source a line that begins like a command may also be prose: "make a figure".
_PHONY = re.compile(r"^\.PHONY: ([\w -]+)$", re.MULTILINE)
_TARGETS = " ".join(_PHONY.findall((ROOT / "Makefile").read_text(encoding="utf-8"))).split()
_PLAIN = rf"(?:make (?:(?:{'|'.join(_TARGETS)})\b|[A-Z]+=)|python -m |snakemake --|pip )"
_LINE = re.compile(
    r"^[ \t]*(?:# *|print\(|prog=|f?\"+ *)*(?:usage: |.*for example: )?"
    rf"({_PLAIN}(?:[^\"'`;()\n]*\\\n[ #]*)*[^\"'`;()\n]*?)(?: {{3,}}|\\n|[\"'`;(),]|(?<!\\)$)",
    re.MULTILINE,
)
_UNMARKED = re.compile(rf"\b{_PLAIN}")


@dataclass(frozen=True)
class Printed:
    """A command as a text prints it."""

    text: str
    command: str


@dataclass(frozen=True)
class Instead:
    """What is run for a command that a test cannot run as it is printed, and why it cannot."""

    command: str
    reason: str


_ROOT_AND_HOURS = "takes root and hours: that its steps exist is checked"
_CONTAINER = "takes podman: make test-environments builds the image and uses it"
_LONG = "takes long: that its steps exist is checked"
_PLACEHOLDER = "has a placeholder"
_CHECK_EVERY_M = "python -m relu_landscape.certificates.check_every_m"
_OPTION = "an option, not a command"
# Of the engine; its help must name them.
OPTIONS = ("--cores", "--directory", "--jobs", "--sdm conda")
_OTHER_PROFILE = "would be a second run of smoke"

# A small file of smoke for each checker.
_CHECKED = {
    "check": "certificates/k5-9.jsonl",
    "check_conjecture12": "conjecture12/theorems.jsonl",
    "check_persistence": "persistence/minima.jsonl",
    "check_finite_points": "finite_points/wu2025.jsonl",
    "check_every_k": "theorems/II-1.jsonl",
    "check_saddles": "saddles/splits.jsonl",
    "check_one_more": "further_minima/II-1.jsonl",
    "check_every_m": "every_m/II-3-1000.jsonl",
}


def checked(checker: str) -> str:
    """The command that checks its file of smoke."""
    return f"python -m relu_landscape.certificates.{checker} results/smoke/{_CHECKED[checker]}"


# Every printed command that is not run as it stands on the results of smoke.
INSTEAD = {
    "make test": Instead("make --dry-run test", "is what runs this"),
    "make quick-test": Instead("make --dry-run quick-test", "is a part of make test"),
    "make lint": Instead("make --dry-run lint", "is run first by make test"),
    "make test-resume": Instead("make --dry-run test-resume", _ROOT_AND_HOURS),
    "make explorer": Instead("make --dry-run explorer", "needs Node, which make test does not"),
    "make test-explorer": Instead("make --dry-run test-explorer", "needs Node and a browser"),
    "make test-cluster": Instead("make --dry-run test-cluster", _ROOT_AND_HOURS),
    "make test-processors": Instead("make --dry-run test-processors", _LONG),
    "make test-environments": Instead("make --dry-run test-environments", _ROOT_AND_HOURS),
    "make test-environments TRIALS=container": Instead(
        "make --dry-run test-environments TRIALS=container", _ROOT_AND_HOURS
    ),
    "podman build --tag relu-landscape .": Instead("grep -e ^FROM Containerfile", _CONTAINER),
    "podman run --rm --interactive --tty relu-landscape": Instead(
        "grep -e ^CMD Containerfile", _CONTAINER
    ),
    "--build-arg BASE=": Instead("grep -e ^ARG.BASE= Containerfile", _CONTAINER),
    "python -m tests.mutations": Instead(
        "python -m tests.mutations form_along", "takes an hour or more; make test tries a sample"
    ),
    "python -m tests.doctored_every_k": Instead(
        "python -c 'import tests.doctored_every_k'", "takes some minutes; make test tries a sample"
    ),
    "python -m tests.every_k_members": Instead(
        "python -c 'import tests.every_k_members'", "takes ten minutes; make test tries a sample"
    ),
    "python -m tests.every_k_members II-5": Instead(
        "python -c 'import tests.every_k_members'", "takes minutes; make test tries a sample"
    ),
    "python -m tests.widths": Instead(
        "python -c 'import tests.widths'",
        "takes a minute: tests/unit/test_registers.py tries two of the widths",
    ),
    "python -m tests.doctored_saddles 250": Instead(
        "python -m tests.doctored_saddles 1", "takes a minute: tests try a sample"
    ),
    "python -m tests.ledger_mutations results/quick": Instead(
        "python -c 'import tests.ledger_mutations'",
        "takes half a minute: tests/workflow/test_ledger_mutations.py does what it does",
    ),
    "python -m tests.ledger_turns results/smoke": Instead(
        "python -c 'import tests.ledger_turns'",
        "takes half a minute: tests/unit/test_ledger_mutations.py reads what it keeps",
    ),
    "make bench": Instead("make --dry-run bench", "takes hours, and JAX"),
    "make unlock": Instead("make --dry-run unlock", "would take the lock of a run of the tests"),
    "make paper DIRECTORY=...": Instead("make --dry-run paper DIRECTORY=/tmp", "takes days"),
    "make study PROFILE=paper": Instead("make --dry-run study PROFILE=paper", "takes days"),
    "make estimate PROFILE=paper": Instead(
        "make --dry-run estimate PROFILE=paper",
        "takes long to plan: tests/workflow/test_config.py plans paper once",
    ),
    "make study PROFILE=mine": Instead("make --dry-run study PROFILE=mine", _OTHER_PROFILE),
    "make claim CLAIM=...": Instead(
        "make claim CLAIM=safran2021_theorem_4_smallest_eigenvalue PROFILE=smoke", _PLACEHOLDER
    ),
    "make claim CLAIM=... PROFILE=quick": Instead(
        "make claim CLAIM=safran2021_theorem_4_smallest_eigenvalue PROFILE=smoke", _PLACEHOLDER
    ),
    "make claim": Instead("make --dry-run claim CLAIM=safran2021_theorem_3", "names a target"),
    "snakemake --cores all -- results/quick/claims/CLAIM.md": Instead(
        "cd .test && snakemake --cores all --dry-run -- "
        "results/smoke/claims/safran2021_theorem_3.md",
        f"{_PLACEHOLDER}, and is for a workflow that imports this one",
    ),
    "make study PROFILE={profile}": Instead("make --dry-run study PROFILE=smoke", _PLACEHOLDER),
    **{
        f"python -m {checker.program} FILE...": Instead(checked(checker.name), _PLACEHOLDER)
        for checker in CHECKERS
    },
    **{
        command: Instead(checked(name), _PLACEHOLDER)
        for command, name in {
            "python -m {CHECKERS[0].program} FILE...": "check",
            "python -m relu_landscape.certificates.{checker} FILE...": "check_every_k",
            "python -m {_CHECKERS}.check_{kind} {file}": "check_every_k",
            "python -m {_CHECKERS}.check_saddles results/quick/saddles/{name}.jsonl": (
                "check_saddles"
            ),
            "python -m {_CHECKERS}.check_one_more results/quick/further_minima/II-1.jsonl": (
                "check_one_more"
            ),
        }.items()
    },
    **{
        f"{_CHECK_EVERY_M} results/quick/every_m/{name}-100.jsonl": Instead(
            f"{_CHECK_EVERY_M} results/smoke/every_m/{name}-1000.jsonl",
            "smoke proves it from a larger ratio on",
        )
        for name in ("I-3", "II-3")
    },
    "make archive PROFILE={name}": Instead("make --dry-run archive PROFILE=smoke", _PLACEHOLDER),
    "make recheck ARCHIVE=path/of/this.zip": Instead(
        "make --dry-run recheck ARCHIVE=archives/smoke.zip", _PLACEHOLDER
    ),
    "make recheck ARCHIVE=archives/quick.zip": Instead(
        "make --dry-run recheck ARCHIVE=archives/smoke.zip", "is make recheck"
    ),
    "python -m zipfile -e archives/quick.zip unpacked": Instead(
        "python -m zipfile -t archives/quick.zip", "would leave a folder in the checkout"
    ),
    "snakemake --dry-run": Instead(
        "snakemake --forceall --dry-run --configfile config/smoke.yaml",
        "plans quick, and here nothing would be left to plan",
    ),
    "snakemake --forceall --dry-run": Instead(
        "snakemake --forceall --dry-run --configfile config/smoke.yaml", "plans quick"
    ),
    "make study STUDY=safran": Instead(
        "make --dry-run study STUDY=safran",
        "would judge the claims of the other studies away",
    ),
    "make study STUDY=missing_teachers": Instead(
        "make --dry-run study STUDY=missing_teachers",
        "needs the worked example, with which tests/workflow/test_contributing.py runs it",
    ),
    "make PYTHON=python3.12": Instead(
        "make --dry-run PYTHON=python3.12", "needs that version of Python"
    ),
    "snakemake --cores all --configfile config/mine.yaml": Instead(
        "snakemake --cores all --configfile config/mine.yaml --dry-run", _OTHER_PROFILE
    ),
    "snakemake --workflow-profile profiles/slurm --configfile config/paper.yaml "
    "--default-resources slurm_partition=NAME slurm_account=NAME": Instead(
        "snakemake --workflow-profile profiles/without_slurm --configfile config/smoke.yaml "
        "--default-resources slurm_partition=NAME slurm_account=NAME --forceall --dry-run",
        "needs Slurm: planned with the groups of profiles/slurm; make test-cluster runs it",
    ),
    "--slurm-status-command squeue": Instead(
        "grep -e --slurm-status-command tests/cluster/check_cluster.py",
        "needs Slurm; make test-cluster uses it",
    ),
    **{option: Instead("snakemake --help", _OPTION) for option in OPTIONS},
    "pip install --no-deps --no-build-isolation -e .": Instead(
        "python $PIP install --dry-run --no-deps --no-build-isolation -e .",
        "would change the environment of the tests",
    ),
    "pip install .": Instead(
        "python $PIP install --dry-run --no-deps --no-build-isolation .",
        "would change the environment of the tests",
    ),
    "python -m relu_landscape.certificates.check mine.jsonl": Instead(
        "python -m relu_landscape.certificates.check results/smoke/certificates/k5-9.jsonl",
        "tests/unit/test_commands.py writes that file elsewhere, and proves it again",
    ),
    "python -m relu_landscape": Instead("python -m relu_landscape --help", "names a program"),
    "snakemake --cores all --configfile config/{self.profile}.yaml": Instead(
        "snakemake --cores all --configfile config/smoke.yaml", _PLACEHOLDER
    ),
}
TAKES_A_PROFILE = re.compile(
    r"make (study|estimate|check|publish|claim|archive|recheck)\b(?!.*PROFILE=)"
)


def run_for(command: str) -> str:
    """The command that is run to test this one: on the results of smoke where it names quick."""
    if command in INSTEAD:
        return INSTEAD[command].command
    tested = command.replace("s/quick", "s/smoke").replace("PROFILE=quick", "PROFILE=smoke")
    if TAKES_A_PROFILE.match(tested):
        tested += " PROFILE=smoke"
    if tested.startswith("snakemake") and "--configfile" not in tested:
        tested += " --configfile config/smoke.yaml"
    if tested.startswith("python -m relu_landscape show") and "--results" not in tested:
        tested += " --results results/smoke"
    return tested


def printed_commands() -> list[Printed]:
    """Every command in every text, in the order of the texts."""
    found = [
        Printed(str(path.relative_to(ROOT)), command)
        for path, text, commands_of in _texts()
        for command in commands_of(text)[0]
    ]
    return list(dict.fromkeys(found))


def unmarked_commands() -> list[Printed]:
    """What looks like a command, but stands where none is looked for."""
    return [
        Printed(str(path.relative_to(ROOT)), line.strip())
        for path, text, commands_of in _texts()
        for line in commands_of(text)[1].splitlines()
        if _UNMARKED.search(line)
    ]


def python_blocks(page: str) -> list[str]:
    """The Python in a page, block by block."""
    return [
        body
        for language, body in fenced_blocks((ROOT / page).read_text(encoding="utf-8"))
        if language == "python"
    ]


def fenced_blocks(text: str) -> list[tuple[str, str]]:
    """(language, body) of the fenced blocks of a page."""
    return _FENCE.findall(text)


def blocks_without_commands(page: str) -> list[str]:
    """Indented blocks of a page that hold no command: formulas, and what a command prints."""
    blocks = _BLOCK.findall(_FENCE.sub("", (ROOT / page).read_text(encoding="utf-8")))
    return [block for block in blocks if not _COMMAND_OF_BLOCK.search(block)]


def commands_of_page(text: str) -> tuple[list[str], str]:
    """The commands in Markdown, and the text without them."""
    commands: list[str] = []

    def take(match: re.Match[str]) -> str:
        commands.extend(_clean(command) for command in _COMMAND_OF_BLOCK.findall(match[0]))
        return _COMMAND_OF_BLOCK.sub("", match[0])

    def take_fence(match: re.Match[str]) -> str:
        if match[1] not in SHELLS:
            return ""
        commands.extend(_clean(command) for command in _COMMAND_OF_FENCE.findall(match[2]))
        return ""

    text = _BLOCK.sub(take, _FENCE.sub(take_fence, text))
    return [*commands, *_quoted_commands(text)], _QUOTED.sub("", text)


def commands_of_source(text: str) -> tuple[list[str], str]:
    """The commands in the comments and messages of a source, and the text without them."""
    quoted, text = _quoted_commands(text), _QUOTED.sub("", text)
    lines = [_clean(command) for command in _LINE.findall(text)]
    return [*quoted, *(one for line in lines for one in _alternatives(line))], _LINE.sub("", text)


def _texts() -> Iterator[tuple[Path, str, Callable[[str], tuple[list[str], str]]]]:
    """Path, text, and what finds the commands in it."""
    for pattern in PAGES:
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            yield path, _markdown_of(text) if path.suffix == ".ipynb" else text, commands_of_page
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                text = path.read_text(encoding="utf-8")
                yield path, _said_by(text) if path.name == "Makefile" else text, commands_of_source


def _said_by(makefile: str) -> str:
    """Comments and messages; the rest of a Makefile are commands that make runs, not a reader."""
    return "".join(
        x for x in makefile.splitlines(keepends=True) if x.startswith("#") or "echo " in x
    )


def _markdown_of(notebook: str) -> str:
    cells = json.loads(notebook)["cells"]
    return "\n\n".join("".join(x["source"]) for x in cells if x["cell_type"] == "markdown")


def _quoted_commands(text: str) -> list[str]:
    return [_clean(quoted) for quoted in _QUOTED.findall(text) if _COMMAND.match(quoted)]


def _clean(command: str) -> str:
    """In one line, without the comment behind it."""
    return " ".join(re.sub(r"\\\n[ #]*", " ", command).partition(" #")[0].split())


def _alternatives(synopsis: str) -> Iterator[str]:
    """The commands that a line of usage stands for: a | b, and [NAME=a|b] that may be left out."""
    program, *options = re.split(r" \[", synopsis)
    first, *others = program.split(" | ")
    commands = [first, *(f"{first.partition(' ')[0]} {other}" for other in others)]
    yield from commands
    for option in options:
        name, _, values = option.rstrip("]").partition("=")
        for value in values.split("|"):
            if value != "...":
                yield from (f"{command} {name}={value}" for command in commands)


def commands_to_run() -> list[str]:
    """What is run for all of them, each once, in the order of the texts."""
    return list(dict.fromkeys(run_for(printed.command) for printed in printed_commands()))


def missing_steps(recipe: str) -> list[str]:
    """Modules and scripts that are not there, of a recipe as `make --dry-run` prints it."""
    modules = set(re.findall(r"python -m ([\w.]+)", recipe))
    scripts = set(re.findall(r"[^\s=]+\.py\b", recipe))
    for variable, values in re.findall(r"for (\w+) in ([^;]+);", recipe):
        loops = {script for script in scripts if f"${variable}" in script}
        each = {loop.replace(f"${variable}", value) for loop in loops for value in values.split()}
        scripts = scripts - loops | each
    return sorted(
        [module for module in modules if not _is_module(module)]
        + [script for script in scripts if not (ROOT / script).is_file()]
    )


def _is_module(name: str) -> bool:
    path = name.replace(".", "/")
    own = [
        ROOT / folder / f"{path}{end}" for folder in ("", "src") for end in (".py", "/__main__.py")
    ]
    return any(path.is_file() for path in own) or ("." not in name and find_spec(name) is not None)


def pip() -> str:
    """Path of a pip that can be run, also in an environment without it, as uv makes them."""
    found = find_spec("pip")
    if found is not None:
        return str(Path(found.origin).parent)
    (bundled,) = Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")
    return f"{bundled}/pip"


def render_table() -> str:
    """One line a printed command, its cells between bars."""
    rows = []
    for printed in printed_commands():
        tested = run_for(printed.command)
        instead = INSTEAD.get(printed.command)
        reason = instead.reason if instead else ""
        how = "as printed" if tested == printed.command else tested
        rows.append((printed.text, printed.command, how, reason))
    table = [("text", "command", "run", "why not as printed"), *rows]
    return "\n".join(" | ".join(x.replace("|", r"\|") for x in row).rstrip() for row in table)


if __name__ == "__main__":
    print(render_table())

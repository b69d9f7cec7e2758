"""The command line, whole: what is known, costs, comparison, archive, generated pages, configs."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from typing import Any, TypeAlias

from relu_landscape.certificates.checkers import CHECKERS


class NotAsPublished(Exception):
    """Results differ from the published ones; its text says where."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; each imports only what it needs."""
    options = _parser().parse_args(arguments)
    try:
        print(options.run(options))
    except NotAsPublished as difference:
        print(difference)
        return 1
    except (ValueError, OSError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"{options.command}: {_of_the_study(error)}", file=sys.stderr)
        return 1
    return 0


def _of_the_study(lacking: ModuleNotFoundError) -> str:
    """What to install for a module that the study needs; any other missing one is raised again."""
    package = str(lacking.name).partition(".")[0]
    for wanted in requires("relu-landscape") or []:
        if wanted.startswith(package) and "extra == 'study'" in wanted.replace('"', "'"):
            return f"{package} is missing: install this package with its extra named study"
    raise lacking


_Run: TypeAlias = Callable[[argparse.Namespace], str]


@dataclass(frozen=True)
class _Argument:
    """An argument of a command, as argparse takes it."""

    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class _Command:
    """A command: what it says, given its options, and what the page of help says of it."""

    run: _Run
    help: str
    arguments: tuple[_Argument, ...]


_COMMANDS: dict[str, _Command] = {}


def _argument(name: str, **settings: Any) -> _Argument:
    return _Argument(name, settings)


def _command(help: str, *arguments: _Argument) -> Callable[[_Run], _Run]:
    """Makes a function a command, called as it is with dashes for its underscores."""

    def register(run: _Run) -> _Run:
        name = run.__name__.removeprefix("_").replace("_", "-")
        _COMMANDS[name] = _Command(run, help, arguments)
        return run

    return register


_RESULTS = _argument("results", type=Path, help="folder of a profile's results")
_PUBLISHED = _argument(
    "published", type=Path, nargs="+", help="costs.tsv of published runs, the nearest first"
)
_CORES = _argument(
    "--cores", default="all", help="of the run: a number, or all (default: %(default)s)"
)


def _other_checkers() -> str:
    """Their names, for the help."""
    *names, last = (checker.name for checker in CHECKERS[1:])
    return f"{', '.join(names)} and {last}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m relu_landscape",
        description="The loss landscape of shallow ReLU teacher-student networks.",
        epilog="Proofs are checked by programs that stand alone: "
        f"python -m {CHECKERS[0].program} FILE..., and beside it {_other_checkers()}. "
        "archive, recheck, claims, theorems, pipeline and readme are for a checkout of the "
        "repository; all else is in the installed package.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in _COMMANDS.items():
        options = commands.add_parser(name, help=command.help)
        for argument in command.arguments:
            options.add_argument(argument.name, **argument.settings)
        options.set_defaults(run=command.run)
    return parser


@_command(
    "print what the results hold of one case",
    _argument("case", help="such as k8-n9: k = 8 teachers, n = 9 students"),
    _argument(
        "--results",
        type=Path,
        default=Path("results/quick"),
        help="folder of a profile's results (default: %(default)s)",
    ),
)
def _show(options: argparse.Namespace) -> str:
    from relu_landscape.studies.show import describe_case, read_collected_tables

    return describe_case(options.case, read_collected_tables(options.results))


@_command(
    "print critical points of the catalogue that comes with the package",
    _argument("name", help="of a case, such as k13-n13, or of one entry"),
)
def _catalogue(options: argparse.Namespace) -> str:
    from relu_landscape.catalogue.packaged import look_up
    from relu_landscape.catalogue.summary import describe_entries

    return describe_entries(look_up(options.name))


@_command(
    "write the catalogue that comes with the package, for other tools",
    _argument("target", type=Path, help="folder for its Parquet, JSON and descriptor"),
)
def _export_catalogue(options: argparse.Namespace) -> str:
    from relu_landscape.catalogue.packaged import export_packaged

    return "\n".join(map(str, export_packaged(options.target)))


@_command(
    "print the data dictionary of the result tables as Markdown",
)
def _dictionary(_: argparse.Namespace) -> str:
    from relu_landscape.studies.proofs import proof_columns
    from relu_landscape.tables.dictionary import render_dictionary
    from relu_landscape.tables.registry import load_schema, table_names

    return render_dictionary(map(load_schema, table_names()), proof_columns).rstrip("\n")


@_command(
    "print what the numbers of the figures are as Markdown",
)
def _figures(_: argparse.Namespace) -> str:
    from relu_landscape.studies.declarations import declared_figures
    from relu_landscape.studies.figure_dictionary import render_figure_dictionary

    return render_figure_dictionary(declared_figures()).rstrip("\n")


@_command(
    "print the documentation of the configuration as Markdown",
)
def _configuration(_: argparse.Namespace) -> str:
    from relu_landscape.settings.pages import config_page
    from relu_landscape.settings.whole import whole_model

    return config_page(whole_model()).rstrip("\n")


@_command(
    "print the JSON Schema of the configuration, for editors",
)
def _config_schema(_: argparse.Namespace) -> str:
    from relu_landscape.settings.pages import config_schema
    from relu_landscape.settings.whole import whole_model

    return config_schema(whole_model()).rstrip("\n")


@_command(
    "print environment.yml, the conda environment, from the lock",
    _argument("lock", type=Path, help="such as requirements.lock"),
)
def _environment(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.conda_environment import conda_environment

    return conda_environment(options.lock.read_text(encoding="utf-8")).rstrip("\n")


@_command(
    "print what is proved for every k, and how, as Markdown",
    _argument("published", type=Path, help="a published run, such as figures/quick"),
)
def _theorems(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import checkout_at
    from relu_landscape.evidence.costs import read_job_seconds
    from relu_landscape.ledger.claims import read_claims
    from relu_landscape.ledger.theorems_page import read_pieces, read_words, render_theorems

    entries = read_claims([str(checkout_at(Path.cwd()) / "claims/theorems.yaml")])
    seconds = read_job_seconds(options.published / "costs.tsv")
    ledger = options.published / "claims.json"
    pieces, words = read_pieces(ledger), read_words(ledger)
    return render_theorems(entries, seconds, pieces, words).rstrip("\n")


@_command(
    "print what each claim costs by itself as Markdown, from what "
    "`snakemake --forceall --dry-run` prints (stdin)",
    _argument("costs", type=Path, help="costs.tsv of a published run"),
)
def _claims(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import checkout_at
    from relu_landscape.evidence.costs import read_job_seconds
    from relu_landscape.evidence.plans import planned_jobs
    from relu_landscape.ledger.claim_costs import render_claim_costs
    from relu_landscape.ledger.claims import read_claims

    entries = read_claims(map(str, sorted((checkout_at(Path.cwd()) / "claims").glob("*.yaml"))))
    jobs = planned_jobs(sys.stdin.read())
    seconds = read_job_seconds(options.costs)
    return render_claim_costs(entries, jobs, seconds).rstrip("\n")


@_command(
    "print a picture of the rules as SVG, from what "
    "`snakemake --forceall --dry-run` prints (stdin)",
)
def _pipeline(_: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import checkout_at
    from relu_landscape.evidence.pipeline_picture import (
        draw_pipeline,
        rules_of_studies,
        rules_that_wait,
    )
    from relu_landscape.evidence.plans import planned_jobs

    studies = rules_of_studies(checkout_at(Path.cwd()) / "workflow/rules")
    return draw_pipeline(rules_that_wait(planned_jobs(sys.stdin.read())), studies).rstrip("\n")


@_command(
    "print README.md with what published runs found and cost",
)
def _readme(_: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import checkout_at
    from relu_landscape.studies.readme_parts import readme_of

    return readme_of(checkout_at(Path.cwd())).rstrip("\n")


@_command(
    "say whether a study can run with this config",
    _argument("config", type=Path, help="such as config/quick.yaml"),
    _CORES,
)
def _check_config(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import cores_of
    from relu_landscape.settings.whole import config_faults, misnamed_profile
    from relu_landscape.settings.yaml_files import read_yaml

    cores_of(options.cores)
    config, source = read_yaml(options.config), str(options.config)
    faults = config_faults(config, source) or misnamed_profile(config, [source])
    if faults:
        raise ValueError("the config cannot be used:\n  " + "\n  ".join(faults))
    return f"{options.config}: can be used"


@_command(
    "say whether a study can run in this folder",
    _argument(
        "interpreter", type=Path, nargs="?", default=Path(sys.executable), help="default: this one"
    ),
)
def _check_place(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import unusable_place

    fault = unusable_place(Path.cwd(), Path.cwd(), options.interpreter.absolute())
    if fault:
        raise ValueError(fault)
    return f"{Path.cwd()}: a study can run here"


@_command(
    "say what a run will cost, from what `snakemake --dry-run` prints (stdin)",
    _PUBLISHED,
    _CORES,
    _argument(
        "--planning",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="that the dry run took: the run plans again before its first job",
    ),
    _argument(
        "--keep",
        type=Path,
        metavar="RESULTS",
        help="folder to keep it in, for the run that follows",
    ),
)
def _estimate(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import cores_of
    from relu_landscape.evidence.estimates import describe_plan
    from relu_landscape.evidence.speeds import measure_speeds

    cores = cores_of(options.cores)
    return describe_plan(
        sys.stdin.read(),
        options.published,
        lambda: measure_speeds(cores),
        planning=options.planning,
        keep=options.keep,
    )


@_command(
    "say what a run did cost, beside a published one",
    _RESULTS,
    _PUBLISHED,
)
def _cost(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.estimates import describe_run

    return describe_run(options.results, options.published)


@_command(
    "compare the results of a run with the published ones, number by number",
    _argument("results", type=Path, help="such as results/quick"),
    _argument("published", type=Path, help="such as figures/quick"),
)
def _compare(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.compare import agrees, compare_results, render_comparison

    compared = compare_results(options.results, options.published)
    return _if(all(map(agrees, compared)), render_comparison(compared))


@_command(
    "copy what a finished run has to show",
    _argument("results", type=Path, help="such as results/quick"),
    _argument("target", type=Path, help="folder kept in git, such as figures/quick"),
)
def _publish(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.publish import publish

    return "\n".join(map(str, publish(options.results, options.target)))


@_command(
    "write a finished run into one zip file",
    _RESULTS,
    _argument("target", type=Path, help="such as quick.zip"),
)
def _archive(options: argparse.Namespace) -> str:
    from relu_landscape.archive.writing import write_archive
    from relu_landscape.evidence.checkout import checkout_at

    members = write_archive(options.results, checkout_at(Path.cwd()), options.target)
    return f"{options.target}: {len(members)} files, {options.target.stat().st_size / 1e6:.2f} MB"


@_command(
    "prove, judge and draw an archive again, and compare it with what is published",
    _argument("archive", type=Path, help="such as quick.zip"),
    _CORES,
)
def _recheck(options: argparse.Namespace) -> str:
    from relu_landscape.archive.recheck import recheck, render_recheck
    from relu_landscape.evidence.checkout import checkout_at, cores_of

    cores = cores_of(options.cores)
    found = recheck(options.archive, checkout_at(Path.cwd()), cores, print)
    return _if(found.agrees, render_recheck(found))


def _if(agrees: bool, text: str) -> str:
    """The text, as a failure where results are not as published."""
    if not agrees:
        raise NotAsPublished(text)
    return text


def run() -> None:
    """Run one command as a program, and end with its exit code."""
    # As other tools do, end without a word where the reader has enough, such as head.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())


if __name__ == "__main__":
    run()

"""The command line, whole: what is known, costs, comparison, archive, generated pages, configs."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import requires
from pathlib import Path

COSTS = "costs.tsv of published runs, the nearest first"
CORES = "of the run: a number, or all (default: %(default)s)"


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m relu_landscape",
        description="The loss landscape of shallow ReLU teacher-student networks.",
        epilog="Proofs are checked by programs that stand alone: "
        "python -m relu_landscape.certificates.check FILE..., and beside it check_every_k and "
        "check_conjecture12. archive, recheck, claims, theorems, pipeline and readme are for a "
        "checkout of the repository; all else is in the installed package.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="print what the results hold of one case")
    show.add_argument("case", help="such as k8-n9: k = 8 teachers, n = 9 students")
    show.add_argument(
        "--results",
        type=Path,
        default=Path("results/quick"),
        help="folder of a profile's results (default: %(default)s)",
    )
    show.set_defaults(run=_show)
    catalogue = commands.add_parser(
        "catalogue", help="print critical points of the catalogue that comes with the package"
    )
    catalogue.add_argument("name", help="of a case, such as k13-n13, or of one entry")
    catalogue.set_defaults(run=_catalogue)
    export = commands.add_parser(
        "export-catalogue", help="write the catalogue that comes with the package, for other tools"
    )
    export.add_argument("target", type=Path, help="folder for its Parquet, JSON and descriptor")
    export.set_defaults(run=_export_catalogue)
    dictionary = commands.add_parser(
        "dictionary", help="print the data dictionary of the result tables as Markdown"
    )
    dictionary.set_defaults(run=_dictionary)
    numbers = commands.add_parser(
        "figures", help="print what the numbers of the figures are as Markdown"
    )
    numbers.set_defaults(run=_figures)
    configuration = commands.add_parser(
        "configuration", help="print the documentation of the configuration as Markdown"
    )
    configuration.set_defaults(run=_configuration)
    schema = commands.add_parser(
        "config-schema", help="print the JSON Schema of the configuration, for editors"
    )
    schema.set_defaults(run=_config_schema)
    environment = commands.add_parser(
        "environment", help="print environment.yml, the conda environment, from the lock"
    )
    environment.add_argument("lock", type=Path, help="such as requirements.lock")
    environment.set_defaults(run=_environment)
    claims = commands.add_parser(
        "claims",
        help="print what each claim costs by itself as Markdown, from what "
        "`snakemake --forceall --dry-run` prints (stdin)",
    )
    claims.add_argument("costs", type=Path, help="costs.tsv of a published run")
    claims.set_defaults(run=_claims)
    theorems = commands.add_parser(
        "theorems", help="print what is proved for every k, and how, as Markdown"
    )
    theorems.add_argument("published", type=Path, help="a published run, such as figures/quick")
    theorems.set_defaults(run=_theorems)
    pipeline = commands.add_parser(
        "pipeline",
        help="print a picture of the rules as SVG, from what "
        "`snakemake --forceall --dry-run` prints (stdin)",
    )
    pipeline.set_defaults(run=_pipeline)
    readme = commands.add_parser(
        "readme", help="print README.md with what published runs found and cost"
    )
    readme.set_defaults(run=_readme)
    check = commands.add_parser("check-config", help="say whether a study can run with this config")
    check.add_argument("config", type=Path, help="such as config/quick.yaml")
    check.add_argument("--cores", default="all", help=CORES)
    check.set_defaults(run=_check_config)
    place = commands.add_parser("check-place", help="say whether a study can run in this folder")
    place.add_argument(
        "interpreter", type=Path, nargs="?", default=Path(sys.executable), help="default: this one"
    )
    place.set_defaults(run=_check_place)
    plan = commands.add_parser(
        "estimate", help="say what a run will cost, from what `snakemake --dry-run` prints (stdin)"
    )
    plan.add_argument("published", type=Path, nargs="+", help=COSTS)
    plan.add_argument("--cores", default="all", help=CORES)
    plan.add_argument(
        "--keep",
        type=Path,
        metavar="RESULTS",
        help="folder to keep it in, for the run that follows",
    )
    plan.set_defaults(run=_estimate)
    cost = commands.add_parser("cost", help="say what a run did cost, beside a published one")
    cost.add_argument("results", type=Path, help="folder of a profile's results")
    cost.add_argument("published", type=Path, nargs="+", help=COSTS)
    cost.set_defaults(run=_cost)
    compare = commands.add_parser(
        "compare", help="compare the results of a run with the published ones, number by number"
    )
    compare.add_argument("results", type=Path, help="such as results/quick")
    compare.add_argument("published", type=Path, help="such as figures/quick")
    compare.set_defaults(run=_compare)
    publish = commands.add_parser("publish", help="copy what a finished run has to show")
    publish.add_argument("results", type=Path, help="such as results/quick")
    publish.add_argument("target", type=Path, help="folder kept in git, such as figures/quick")
    publish.set_defaults(run=_publish)
    archive = commands.add_parser("archive", help="write a finished run into one zip file")
    archive.add_argument("results", type=Path, help="folder of a profile's results")
    archive.add_argument("target", type=Path, help="such as quick.zip")
    archive.set_defaults(run=_archive)
    recheck = commands.add_parser(
        "recheck",
        help="prove, judge and draw an archive again, and compare it with what is published",
    )
    recheck.add_argument("archive", type=Path, help="such as quick.zip")
    recheck.add_argument("--cores", default="all", help=CORES)
    recheck.set_defaults(run=_recheck)
    return parser


def _show(options: argparse.Namespace) -> str:
    from relu_landscape.studies.show import describe_case, read_collected_tables

    return describe_case(options.case, read_collected_tables(options.results))


def _catalogue(options: argparse.Namespace) -> str:
    from relu_landscape.catalogue.packaged import look_up
    from relu_landscape.catalogue.summary import describe_entries

    return describe_entries(look_up(options.name))


def _export_catalogue(options: argparse.Namespace) -> str:
    from relu_landscape.catalogue.packaged import export_packaged

    return "\n".join(map(str, export_packaged(options.target)))


def _dictionary(_: argparse.Namespace) -> str:
    from relu_landscape.studies.proofs import proof_columns
    from relu_landscape.tables.dictionary import render_dictionary
    from relu_landscape.tables.registry import load_schema, table_names

    return render_dictionary(map(load_schema, table_names()), proof_columns).rstrip("\n")


def _figures(_: argparse.Namespace) -> str:
    from relu_landscape.studies.declarations import declared_figures
    from relu_landscape.studies.figure_dictionary import render_figure_dictionary

    return render_figure_dictionary(declared_figures()).rstrip("\n")


def _configuration(_: argparse.Namespace) -> str:
    from relu_landscape.settings.pages import config_page
    from relu_landscape.settings.whole import whole_model

    return config_page(whole_model()).rstrip("\n")


def _config_schema(_: argparse.Namespace) -> str:
    from relu_landscape.settings.pages import config_schema
    from relu_landscape.settings.whole import whole_model

    return config_schema(whole_model()).rstrip("\n")


def _environment(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.conda_environment import conda_environment

    return conda_environment(options.lock.read_text(encoding="utf-8")).rstrip("\n")


def _theorems(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import checkout_at
    from relu_landscape.evidence.costs import read_job_seconds
    from relu_landscape.ledger.claims import read_claims
    from relu_landscape.ledger.theorems_page import read_pieces, render_theorems

    entries = read_claims([str(checkout_at(Path.cwd()) / "claims/theorems.yaml")])
    seconds = read_job_seconds(options.published / "costs.tsv")
    pieces = read_pieces(options.published / "claims.json")
    return render_theorems(entries, seconds, pieces).rstrip("\n")


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


def _readme(_: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import checkout_at
    from relu_landscape.studies.readme_parts import readme_of

    return readme_of(checkout_at(Path.cwd())).rstrip("\n")


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


def _check_place(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import unusable_place

    fault = unusable_place(Path.cwd(), Path.cwd(), options.interpreter.absolute())
    if fault:
        raise ValueError(fault)
    return f"{Path.cwd()}: a study can run here"


def _estimate(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.checkout import cores_of
    from relu_landscape.evidence.estimates import describe_plan
    from relu_landscape.evidence.speeds import measure_speeds

    cores = cores_of(options.cores)
    return describe_plan(
        sys.stdin.read(), options.published, lambda: measure_speeds(cores), options.keep
    )


def _cost(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.estimates import describe_run

    return describe_run(options.results, options.published)


def _compare(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.compare import agrees, compare_results, render_comparison

    compared = compare_results(options.results, options.published)
    return _if(all(map(agrees, compared)), render_comparison(compared))


def _publish(options: argparse.Namespace) -> str:
    from relu_landscape.evidence.publish import publish

    return "\n".join(map(str, publish(options.results, options.target)))


def _archive(options: argparse.Namespace) -> str:
    from relu_landscape.archive.writing import write_archive
    from relu_landscape.evidence.checkout import checkout_at

    members = write_archive(options.results, checkout_at(Path.cwd()), options.target)
    return f"{options.target}: {len(members)} files, {options.target.stat().st_size / 1e6:.2f} MB"


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

"""Helpers of the rules files; no rules.

INPUTS: config, TABLES, ARRAYS, FIGURES and STUDIES of studies.smk.
OUTPUTS: functions that check the config and that turn names into paths.
"""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

from jinja2 import Template
from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
SOURCE = ROOT / "src"

# The library is found without being installed, here and in every job. One thread a job: the order
# of a threaded sum changes last bits, and with them where descent ends.
sys.path.insert(0, str(SOURCE))
search_path = [str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
os.environ.update(
    PYTHONPATH=os.pathsep.join(search_path),
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    MKL_NUM_THREADS="1",
    NUMBA_NUM_THREADS="1",
)

from relu_landscape.evidence.configuration import check_configuration
from relu_landscape.evidence.provenance import science_digest


def checked_config():
    """The config, or one clear message that lists everything wrong with it."""
    schema = json.loads((ROOT / "workflow/schemas/config.schema.json").read_text())
    problems = check_configuration(config, schema) or misfits(config)
    if problems:
        raise WorkflowError("The config cannot be used:\n  " + "\n  ".join(problems))
    return config


def misfits(config):
    """Departures that a schema cannot see: unknown names, empty ranges, sizes asked for twice."""
    protocols = [protocol["name"] for protocol in config["protocols"]]
    searches = [search["name"] for search in config["safran"]["searches"]]
    problems = [
        f"{key}: {name!r} stands there twice; names must differ"
        for key, names in (("protocols", protocols), ("safran.searches", searches))
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    wanted = [
        (f"safran.searches[{number}].protocol", search["protocol"])
        for number, search in enumerate(config["safran"]["searches"])
    ] + [
        (f"{study}.{part}.protocol", config[study][part]["protocol"])
        for study, part in (("safran", "splitting"), ("symmetry", "fates"))
    ]
    for key, name in wanted:
        if name not in protocols:
            problems.append(
                f"{key}: no protocol {name!r}; allowed: {', '.join(protocols)}"
            )
    problems += [
        f"safran.basins.searches: no search {name!r}; allowed: {', '.join(searches)}"
        for name in config["safran"]["basins"]["searches"]
        if name not in searches
    ]
    for number, search in enumerate(config["safran"]["searches"]):
        key = f"safran.searches[{number}].sizes"
        seen = [(k, n) for size in search["sizes"] for k, n in pairs(size)]
        for place, size in enumerate(search["sizes"]):
            if size["last_k"] < size["first_k"]:
                problems.append(
                    f"{key}[{place}].last_k: {size['last_k']} makes an empty range; "
                    f"allowed: {size['first_k']} (first_k) or more"
                )
        for k, n in sorted({pair for pair in seen if seen.count(pair) > 1}):
            problems.append(
                f"{key}: k = {k}, n = {n} is asked for twice; allowed: once"
            )
    return (
        problems
        + global_minima_misfits(config["global_minima"])
        + regions_misfits(config["activation_regions"])
    )


def global_minima_misfits(settings):
    """The same for the sizes of the second study: too few students or inputs."""
    fewest_extra = {
        "members": 0,
        "failures": 1,
        "perturbed_descent": 0,
        "convergence": 0,
    }
    sizes = [
        (f"global_minima.{name}.sizes[{number}]", size, extra)
        for name, extra in fewest_extra.items()
        for number, size in enumerate(settings[name]["sizes"])
    ] + [("global_minima.landscape", settings["landscape"], 1)]
    problems = []
    for key, size, extra in sizes:
        for name, least in (("n", size["k"] + extra), ("d", size["k"])):
            if size.get(name, least) < least:
                problems.append(
                    f"{key}.{name}: {size[name]} is too small for k = {size['k']}; "
                    f"allowed: {least} or more"
                )
    return problems


def regions_misfits(settings):
    """The same for the fourth study: cells asked for twice, more comparisons than draws, checks out of order."""
    problems = []
    for part, name in (
        ("region_shares", "sizes"),
        ("region_shares", "cells"),
        ("zero_loss", "cells"),
        ("zero_loss", "counts"),
        ("zero_loss", "bounds"),
        ("volume", "cells"),
    ):
        seen = []
        for number, entry in enumerate(settings[part][name]):
            sizes = {
                key: value
                for key, value in entry.items()
                if key not in ("data_sets", "draws")
            }
            for cell in combinations(sizes):
                if cell in seen:
                    asked = ", ".join(f"{key} = {value}" for key, value in cell.items())
                    problems.append(
                        f"activation_regions.{part}.{name}[{number}]: {asked} is asked for twice; "
                        "allowed: once"
                    )
                seen.append(cell)
    full_rank = settings["full_rank"]
    if full_rank["compared_trials"] > full_rank["trials"]:
        problems.append(
            f"activation_regions.full_rank.compared_trials: {full_rank['compared_trials']} is more "
            f"than there are trials; allowed: {full_rank['trials']} or fewer"
        )
    checks = settings["training"]["descent"]["checks"]
    if checks != sorted(checks):
        problems.append(
            f"activation_regions.training.descent.checks: {checks} is out of order; "
            f"allowed: {sorted(checks)}"
        )
    return problems


def pairs(size):
    """The (k, n) of one entry of `sizes`."""
    return [
        (k, k + extra)
        for k in range(size["first_k"], size["last_k"] + 1)
        for extra in size["extra_students"]
    ]


def multiplied(settings, *names):
    """Settings whose named lists of cells have every combination of the lists in a cell."""
    return settings | {
        name: [cell for entry in settings[name] for cell in combinations(entry)]
        for name in names
    }


def combinations(entry):
    """The cells of one entry of a config: one for every combination of its lists."""
    choices = [
        value if isinstance(value, list) else [value] for value in entry.values()
    ]
    return [dict(zip(entry, values)) for values in itertools.product(*choices)]


def case_name(k, n):
    """Name of a size in paths and tables of arrays."""
    return f"k{k}-n{n}"


def case_size(case):
    """(k, n) of a case name."""
    k, n = case[1:].split("-n")
    return int(k), int(n)


def shares_name(k, m):
    """Name of a size with m students for each of k teachers, in paths and tables of arrays."""
    return f"k{k}-m{m}"


def shares_size(size):
    """(k, m) of such a name."""
    k, m = size[1:].split("-m")
    return int(k), int(m)


def family_name(family, m, extra):
    """Name of a family of symmetric critical points in paths, such as A, II3 or I1-extra1."""
    block = "" if m is None else str(m)
    return f"{family}{block}" + (f"-extra{extra}" if extra else "")


def space_name(k, q, extra):
    """Name of a fixed-point space in paths: q single columns, n = k + extra."""
    return f"k{k}-q{q}-e{extra}"


def family_teachers(family, m, extra):
    """Values of k at which a family is solved."""
    settings = SYMMETRY["families"]
    if extra:
        return settings["extra_teachers"]
    return [k for k in settings["teachers"] if k >= (m or 0) + 4]


def extra_students(case):
    """n - k of a case name."""
    k, n = case_size(case)
    return n - k


PUBLISHED = sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "published").glob("*.csv")
)


def of_studies(kind):
    """What the studies of this run have of one kind: tables, arrays, audits, figures, ..."""
    for name in config["studies"]:
        if name not in STUDIES:
            raise WorkflowError(
                "The config cannot be used:\n"
                f"  studies: no study {name!r}; allowed: {', '.join(STUDIES)}"
            )
    items = [item for name in config["studies"] for item in STUDIES[name][kind]]
    return list(dict.fromkeys(items))  # studies of one paper share its claims file


def named(paths, names):
    """Those of the paths whose file is called by one of the names."""
    return [path for path in paths if Path(path).stem in names]


def batches(search, case):
    """Restart tables of one search at one size."""
    size = SIZES[search, case]
    count = -(-size["runs"] // size["batch"])
    return [
        f"<results>/restarts/{search}/{case}/batch{batch:03d}.parquet"
        for batch in range(count)
    ]


def all_batches(wildcards):
    """Restart tables of one size over all searches."""
    return [
        path
        for search, case in SIZES
        if case == wildcards.case
        for path in batches(search, case)
    ]


def weights_of(paths):
    """The weight arrays that stand beside restart tables."""
    return [path.removesuffix(".parquet") + ".npz" for path in paths]


def proved_basins(wildcards):
    """Basins in which a restart may end, for the searches that the profile names, at n = k."""
    search, case = wildcards.search, wildcards.case
    k, n = case_size(case)
    stops = search in SAFRAN["basins"]["searches"] and n == k >= 2
    return {"basins": f"<results>/basins/{case}.npz"} if stops else {}


def one_more_neuron(wildcards):
    """Representatives of the size with one more student, where the profile has it."""
    k, n = case_size(wildcards.case)
    larger = case_name(k, n + 1)
    return (
        {"larger": f"<results>/representatives/{larger}.npz"}
        if larger in CLASSIFIED
        else {}
    )


def certified_classes(wildcards):
    """What is proved of the classes of one size, where the profile tries to."""
    case = wildcards.case
    certified = f"<results>/certified_classes/{case}.parquet"
    return {"certified": certified} if case in CERTIFIED else {}


def science(rule, *also):
    """Digest of the library code that decides what a rule computes; a change of it re-runs it.

    `also` names modules that the script loads by name.
    """
    return science_digest(ROOT / "workflow/scripts" / f"{rule}.py", SOURCE, also)


def science_of_figure(name):
    """The same for the rule that draws this figure."""
    return science(
        "plot_figure", f"relu_landscape.figures.{FIGURES[name]['plot'].split('.')[0]}"
    )


def caption(name):
    """Caption of a figure, which speaks of this run's config."""
    text = (ROOT / f"workflow/report/{name}.rst").read_text()
    return Template(text).render(snakemake={"config": config})


def figure_files(name):
    """The files of one figure."""
    return [f"<results>/figures/{name}.{kind}" for kind in ("svg", "pdf", "csv")]


def all_figure_files():
    """The files of all figures of this run."""
    return [path for name in of_studies("figures") for path in figure_files(name)]


def final_targets():
    """Everything that a run ends with."""
    evidence = [
        f"<results>/{name}" for name in ("claims.json", "claims.md", "claims.html")
    ]
    notebooks = [f"<results>/notebooks/{name}.html" for name in of_studies("notebooks")]
    return all_figure_files() + notebooks + evidence + ["<results>/manifest.json"]


def make_report():
    """The report of a finished run: by a second call of snakemake, which must see the same config.

    (--report-after-run would do it too, but then a dry run fails where there is nothing yet.) A run
    that was asked for single files makes none: the report is about all of them.
    """
    results = Path(workflow.pathvars.get("results"))
    targets = [target.replace("<results>", str(results)) for target in final_targets()]
    if not all(Path(target).exists() for target in targets):
        return
    effective = results / "config.json"
    effective.write_text(json.dumps(config, indent=2))
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        workflow.main_snakefile,
    ]
    options = [
        "--configfile",
        effective,
        "--report",
        results / "report.html",
        "--quiet",
        "all",
    ]
    subprocess.run([*command, *options], check=True, stderr=subprocess.DEVNULL)


def where_to_look():
    """The last lines of a run."""
    results = workflow.pathvars.get("results")
    places = {
        "verdicts": "claims.html",
        "figures": "figures/",
        "notebooks": "notebooks/",
        "report": "report.html",
    }
    return "\n".join(
        f"{name + ':':<11}{results}/{place}" for name, place in places.items()
    )

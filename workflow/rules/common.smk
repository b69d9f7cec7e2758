"""Helpers of the rules files, and what must be right before anything else; no rules.

INPUTS: config, TABLES, ARRAYS, FIGURES and STUDIES of studies.smk.
OUTPUTS: functions that check the config and that turn names into paths.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from jinja2 import Template

# Not workflow.basedir: where this workflow is part of another, that is the other's folder.
ROOT = Path(str(workflow.current_basedir)).parents[1]
SOURCE = ROOT / "src"


def refuse(reason):
    """End the run before its first job, with one line."""
    # An exception of the engine would be printed with lines of this file, which help nobody.
    sys.exit(f"The study cannot run: {reason}")


if Path(workflow.main_snakefile).resolve() != ROOT.resolve() / "Snakefile":
    refuse(
        f"it is part of another workflow, {workflow.main_snakefile}, where its files are not "
        f"found; run snakemake in {ROOT}"
    )
if Path.cwd().resolve() != ROOT.resolve():
    refuse(
        f"it finds its files in the folder of its Snakefile alone, and this is {Path.cwd()}; run "
        f"snakemake in {ROOT}, without --snakefile and --directory"
    )

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
    # Text of other programs, such as the report of the engine, is UTF-8 as well.
    PYTHONUTF8="1",
    MATPLOTLIBRC=os.devnull,
)
# Figures are drawn into files: matplotlib does not load where this names what it does not know.
os.environ.pop("MPLBACKEND", None)

from relu_landscape.evidence.cells import multiplied, pairs
from relu_landscape.evidence.checkout import unusable_place
from relu_landscape.evidence.claims import read_claims
from relu_landscape.evidence.misfits import (
    config_faults,
    misnamed_profile,
    unknown_studies,
)
from relu_landscape.evidence.provenance import science_digest
from relu_landscape.evidence.yaml_files import UnreadableFile, read_yaml

if workflow.is_main_process:
    unusable = unusable_place(ROOT, Path(sys.executable))
    if unusable:
        refuse(unusable)


def config_sources():
    """Where the config of this run comes from, as a user would say it."""
    files = [os.path.relpath(path) for path in workflow.configfiles]
    return files + ["--config"] * bool(workflow.config_settings.config)


def refuse_config(problems):
    """End the run before its first job, with one line for each problem, if there is one."""
    if problems:
        sys.exit("The config cannot be used:\n  " + "\n  ".join(problems))


def checked_config():
    """The config, or one clear message that lists everything wrong with it.

    Its files are read a second time: the engine does not see keys that stand twice. Jobs get what
    was checked here.
    """
    if not workflow.is_main_process:
        return config
    schema = json.loads(
        (ROOT / "workflow/schemas/config.schema.json").read_text(encoding="utf-8")
    )
    try:
        for path in workflow.configfiles:
            read_yaml(os.path.relpath(path))
    except UnreadableFile as error:
        refuse_config([str(error)])
    sources = config_sources()
    refuse_config(config_faults(config, schema, " with ".join(sources)))
    if "profile" not in workflow.config_settings.config:
        refuse_config(misnamed_profile(config, sources))
    return config


def check_claims():
    """End a run here, not after its last table, if its claims cannot be judged."""
    if workflow.is_main_process:
        schema = json.loads(
            (ROOT / "workflow/schemas/claims.schema.json").read_text(encoding="utf-8")
        )
        names = [Path(path).stem for path in PUBLISHED]
        try:
            read_claims(claims_files(), schema, names)
        except ValueError as error:
            refuse(error)


def claims_files():
    """The claims files of this run."""
    return [f"claims/{name}.yaml" for name in of_studies("claims")]


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
    refuse_config(unknown_studies(config, STUDIES, " with ".join(config_sources())))
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


def certified_table(wildcards):
    """The table whose rows point into a file of certificates."""
    name = wildcards.certificates
    folder = "certified_classes/" if name in CERTIFIED else "tables/certified_"
    return f"<results>/{folder}{name}.parquet"


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
    text = (ROOT / f"workflow/report/{name}.rst").read_text(encoding="utf-8")
    return Template(text).render(snakemake={"config": config})


def figure_files(name):
    """The files of one figure."""
    return [f"<results>/figures/{name}.{kind}" for kind in ("svg", "pdf", "csv")]


def all_figure_files():
    """The files of all figures of this run."""
    return [path for name in of_studies("figures") for path in figure_files(name)]


LEDGER = [f"<results>/{name}" for name in ("claims.json", "claims.md", "claims.html")]


def certificate_files():
    """The files of certificates of this run."""
    made = "certificate_checks" in {Path(path).stem for path in of_studies("tables")}
    names = CERTIFICATE_FILES if made else []
    return [f"<results>/certificates/{name}.jsonl" for name in names]


def final_targets():
    """Everything that a run ends with."""
    notebooks = [f"<results>/notebooks/{name}.html" for name in of_studies("notebooks")]
    # The engine does not miss what only finished rules have read: without these a damaged table,
    # deleted as its reader advises, would not be made anew.
    data = [
        path for kind in ("tables", "arrays", "audits") for path in of_studies(kind)
    ]
    ends = [*LEDGER, "<results>/manifest.json"]
    return all_figure_files() + notebooks + data + certificate_files() + ends


def is_whole():
    """Whether all results are there; a run that was asked for single files may leave some out."""
    results = workflow.pathvars.get("results")
    targets = [target.replace("<results>", results) for target in final_targets()]
    return all(Path(target).exists() for target in targets)


def make_report():
    """The report of a finished run: by a second call of snakemake, which must see the same config.

    (--report-after-run would do it too, but then a dry run fails where there is nothing yet.)
    """
    results = Path(workflow.pathvars.get("results"))
    effective = results / "config.json"
    effective.write_text(json.dumps(config, indent=2), encoding="utf-8")
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
    ]
    made = subprocess.run(
        [*command, *options], stderr=subprocess.PIPE, encoding="utf-8"
    )
    if made.returncode != 0:
        # A run that has nothing left to do does not come here again.
        sys.exit(
            f"All results are there, but not {results}/report.html; make it with\n"
            f"  snakemake --configfile {effective} --report {results}/report.html\n"
            f"It ended with: {made.stderr.strip().rpartition(chr(10))[2]}"
        )


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

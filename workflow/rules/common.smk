"""Helpers of the rules files, and what must be right before anything else; no rules.

INPUTS: config; COLLECTED and STUDIES, of cases.smk and the rules files of the studies.
OUTPUTS: functions that check the config and that turn names into paths.
"""

import gc
import os
import re
import sys
from collections import Counter
from pathlib import Path

# Rules, jobs and syntax trees are objects by the hundred thousand, most of which stay: looking for
# garbage among them as often as usual takes an eighth of each start of the engine.
gc.set_threshold(200_000, 20, 20)

# A job costs a second before it begins, so that one takes the sizes of some values of k.
TEACHERS_PER_JOB = 5
# Priority of the longest chain of jobs, from restarts to verdicts: others are done beside it.
LONGEST_CHAIN = 1
# Taken now: once these lines are read, `current_basedir`, `configfiles` and `pathvars` are those of
# a workflow that imports this one.
ROOT = Path(str(workflow.current_basedir)).parents[1].resolve()
SOURCE = ROOT / "src"
MAIN = Path(workflow.main_snakefile).resolve()
IMPORTED = MAIN not in (ROOT / "Snakefile", ROOT / "workflow/Snakefile")


def refuse(reason):
    """End the run before its first job, with one line."""
    # An exception of the engine would be printed with lines of this file, which help nobody.
    sys.exit(f"The study cannot run: {reason}")


if not SOURCE.is_dir():
    refuse(
        f"its library is not beside its rules, which are read from {workflow.current_basedir}; "
        "clone the repository, and name workflow/Snakefile of the clone as snakefile of the module"
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

from relu_landscape.evidence.cells import case_name, case_size
from relu_landscape.evidence.checkout import unusable_place
from relu_landscape.evidence.kept_digests import KeptDigests
from relu_landscape.evidence.provenance import science_digest
from relu_landscape.families.member_reach import least_teachers
from relu_landscape.ledger.claims import entries_of, read_claims
from relu_landscape.settings.entries import pairs
from relu_landscape.settings.whole import (
    config_faults,
    misnamed_profile,
    unknown_studies,
)
from relu_landscape.settings.yaml_files import UnreadableFile, read_yaml
from relu_landscape.studies.declarations import (
    declared_entries,
    declared_figures,
    declared_steps,
    declared_verdicts,
    entries_of_studies,
)
from relu_landscape.studies.proofs import tables_behind

if workflow.is_main_process:
    unusable = unusable_place(Path.cwd(), ROOT, Path(sys.executable))
    if unusable:
        refuse(unusable)


def of_checkout(path):
    """A file of this checkout, seen from the folder of the run: where both move, nothing changes."""
    # An importer's `prefix` is for what is made, not for this.
    return local(os.path.relpath(ROOT / path))


def config_sources():
    """Where the config of this run comes from, as a user would say it."""
    if IMPORTED:
        return [f"the config that {os.path.relpath(MAIN)} gives"]
    files = [os.path.relpath(path) for path in workflow.configfiles]
    return files + ["--config"] * bool(workflow.config_settings.config)


def refuse_config(problems):
    """End the run before its first job, with one line for each problem, if there is one."""
    if problems:
        sys.exit("The config cannot be used:\n  " + "\n  ".join(problems))


def checked_config():
    """The config, or one clear message that lists everything wrong with it.

    Its files are read a second time: the engine does not see keys that stand twice. Jobs get what
    was checked here. An importer's files may hold more, and bear any name.
    """
    if not workflow.is_main_process:
        return config
    if IMPORTED:
        refuse_config(config_faults(config, *config_sources()))
        return config
    try:
        for path in workflow.configfiles:
            read_yaml(os.path.relpath(path))
    except UnreadableFile as error:
        refuse_config([str(error)])
    sources = config_sources()
    refuse_config(config_faults(config, " with ".join(sources)))
    if "profile" not in workflow.config_settings.config:
        refuse_config(misnamed_profile(config, sources))
    return config


def check_claims():
    """End a run here, not after its last table, if its claims cannot be judged."""
    if workflow.is_main_process:
        try:
            read_claims(claims_files())
        except ValueError as error:
            refuse(error)


def claims_files():
    """The claims files of this run."""
    return [of_checkout(f"claims/{name}.yaml") for name in of_studies("claims")]


def span_name(k):
    """Name in paths of the sizes with about k teachers, which one job takes together."""
    first = k - k % TEACHERS_PER_JOB
    return f"k{first}-{first + TEACHERS_PER_JOB - 1}"


def spans(cases):
    """The spans in which these cases lie."""
    return list(dict.fromkeys(span_name(case_size(case)[0]) for case in cases))


def in_span(cases, span):
    """Those of the cases that lie in a span."""
    return [case for case in cases if span in spans([case])]


def space_name(k, q):
    """Name in paths of fixed-point spaces with q single columns, for every number of students."""
    return f"k{k}-q{q}"


def family_teachers(family, m, extra):
    """Values of k at which a family is solved."""
    settings = SYMMETRY["families"]
    kind = ("", "extra_", "split_")[min(extra, 2)]
    return [
        k for k in settings[f"{kind}teachers"] if k >= least_teachers(m or 0, extra)
    ]


def extra_students(case):
    """n - k of a case name."""
    k, n = case_size(case)
    return n - k


PUBLISHED = [of_checkout(path) for path in sorted((ROOT / "published").glob("*.csv"))]


def of_studies(kind):
    """What the studies of this run have of one kind: tables, arrays, audits, figures, ..."""
    refuse_config(unknown_studies(config, STUDIES, " with ".join(config_sources())))
    items = [item for name in config["studies"] for item in STUDIES[name][kind]]
    return list(dict.fromkeys(items))  # studies of one paper share its claims file


def tables_of(collected):
    """The collected tables of a study."""
    names = [name for made in collected.values() for name in made["tables"]]
    return [f"<results>/tables/{name}.parquet" for name in names]


def arrays_of(collected):
    """The collected arrays of a study."""
    names = [name for made in collected.values() for name in made["arrays"]]
    return [f"<results>/arrays/{name}.npz" for name in names]


def files_to_collect(made):
    """For each table and each kind of arrays of one entry of COLLECTED the files that hold it."""
    return {
        name: [f"<results>/{name}/{part}.{ending}" for part in made["parts"]]
        for kind, ending in (("tables", "parquet"), ("arrays", "npz"))
        for name in made[kind]
    }


def named(paths, names):
    """Those of the paths whose file is called by one of the names, no two by the same."""
    found = [path for path in paths if Path(path).stem in names]
    for name, times in Counter(Path(path).stem for path in found).items():
        if times > 1:
            refuse(
                f"{times} files of the results are called {name}; rename one of them"
            )
    return found


def teachers_of(sizes):
    """Names in paths of the values of k of these sizes."""
    return list(dict.fromkeys(f"k{size['k']}" for size in sizes))


def batch_count(search, span):
    """How many jobs share the restarts of one search in one span."""
    sizes = [SIZES[search, case] for case in in_span(CASES_OF[search], span)]
    return max(-(-size["runs"] // size["batch"]) for size in sizes)


def batches(search, span):
    """Restart tables of one search in one span."""
    count = batch_count(search, span)
    return [
        f"<results>/restarts/{search}/{span}/batch{batch:03d}.parquet"
        for batch in range(count)
    ]


def restarts_of_batch(wildcards):
    """What one job runs: the numbers of the restarts of each case, as far as it has them."""
    restarts = {}
    for case in in_span(CASES_OF[wildcards.search], wildcards.span):
        size = SIZES[wildcards.search, case]
        first = int(wildcards.batch) * size["batch"]
        if first < size["runs"]:
            restarts[case] = range(first, min(first + size["batch"], size["runs"]))
    return restarts


def classified_batches(wildcards):
    """Restart tables over all searches that have classified cases in one span."""
    return [
        path
        for search, cases in CASES_OF.items()
        if any(case in CLASSIFIED for case in in_span(cases, wildcards.span))
        for path in batches(search, wildcards.span)
    ]


def batches_of_search(wildcards):
    """Restart tables of one search in one span."""
    return batches(wildcards.search, wildcards.span)


def weights_of(paths):
    """The weight arrays that stand beside restart tables."""
    return [path.removesuffix(".parquet") + ".npz" for path in paths]


def known_basins(wildcards):
    """Basins in which restarts may end, for the searches that the profile names."""
    stop = wildcards.search in SAFRAN["basins"]["searches"]
    return [
        f"<results>/basins/{case}.npz"
        for case in restarts_of_batch(wildcards)
        if stop and case in BASINS
    ]


def certified_table(wildcards):
    """The table whose rows point into a file of certificates."""
    name = wildcards.certificates
    folder = "certified_classes/" if name in spans(CERTIFIED) else "tables/certified_"
    return f"<results>/{folder}{name}.parquet"


FIGURES = declared_figures()
STEPS = declared_steps()
# Every other rules file is that of a study.
RULES_OF_STUDIES = sorted(
    {path.stem for path in (ROOT / "workflow/rules").glob("*.smk")}
    - {"common", "cases", "evidence"}
)


DIGESTS = KeptDigests(".snakemake/science.json", [SOURCE, ROOT / "workflow/scripts"])


def science(name, *also):
    """Digest of the library code that decides what a rule of this name computes; a change of it re-runs it.

    `also` names modules that the script loads by name.
    """
    if name in STEPS:
        source = SOURCE / STEPS[name].file
    else:
        source = ROOT / "workflow/scripts" / f"{name}.py"
    return DIGESTS.get(
        " ".join((name, *also)), lambda: science_digest(source, SOURCE, also)
    )


def step(name):
    """What `run_step.py` is given of a step, as params: itself, and the digest of its code.

    Not by its name alone, which an importer may change. Of params the engine compares texts,
    numbers and what holds such, so the digest alone decides what is run again.
    """
    return {"step": STEPS[name], "science": science(name)}


def figures_of(study):
    """The figures that a study declares."""
    return [name for name, figure in FIGURES.items() if figure.study == study]


def tables_with_proofs():
    """The tables of this run, and those of the certificates that speak of them."""
    tables = of_studies("tables")
    behind = tables_behind(Path(path).stem for path in tables)
    return list(
        dict.fromkeys(
            [*tables, *(f"<results>/tables/{name}.parquet" for name in behind)]
        )
    )


def tables_of_claim(wildcards):
    """The tables that a claim is judged from, and those of the certificates that speak of them."""
    try:
        entries = entries_of(read_claims(claims_files()), wildcards.claim)
    except ValueError as error:
        refuse(error)
    read = {name for entry in entries for name in entry.reads}
    needed = read | set(tables_behind(read))
    return [path for path in tables_with_proofs() if Path(path).stem in needed]


def figure_inputs(wildcards):
    """What a figure is drawn from, by the names of its parameters, and what is proved of it."""
    made = [*tables_with_proofs(), *of_studies("arrays"), *PUBLISHED]
    files = FIGURES[wildcards.figure].files(made)
    behind = {name: f"<results>/tables/{name}.parquet" for name in tables_behind(files)}
    return files | behind


# Of the library code that draws each figure.
SCIENCE_OF_FIGURES = {
    name: science("plot_figure", figure.module) for name, figure in FIGURES.items()
}


def figure_files(name):
    """The files of one figure."""
    return [f"<results>/figures/{name}.{kind}" for kind in ("svg", "pdf", "csv")]


def all_figure_files():
    """The files of all figures of this run."""
    return [path for name in of_studies("figures") for path in figure_files(name)]


def figures_in(wildcards):
    """The figures that a notebook shows, which it takes from the run."""
    page = (ROOT / f"notebooks/{wildcards.notebook}.ipynb").read_text(encoding="utf-8")
    shown = dict.fromkeys(re.findall(r'run\.show\(\\"(\w+)\\"\)', page))
    return [figure_files(name)[0] for name in shown]


def catalogue_inputs():
    """What the entries of the catalogue are made from, of what this run makes."""
    entries = entries_of_studies(config["studies"])
    read = {name for entry in entries for name in entry.inputs}
    made = [*tables_with_proofs(), *of_studies("arrays"), *certificate_files()]
    return named(made, read.union(tables_behind(read)))


CATALOGUE = [
    f"<results>/catalogue/{name}"
    for name in (
        "catalogue_entries.parquet",
        "catalogue_entries.json",
        "datapackage.json",
    )
]
EXPLORER = "<results>/explorer.html"
# Made of the sources in explorer/ by `make explorer`; a page is that and the data of a run.
EXPLORER_BUNDLE = [
    of_checkout(f"src/relu_landscape/explorer/{name}")
    for name in ("page.html", "bundle.css", "bundle.js")
]
LEDGER = [f"<results>/{name}" for name in ("claims.json", "claims.md", "claims.html")]


def certificate_files():
    """The files of certificates of this run, of the studies that have some."""
    studies = [STUDIES[name] for name in config["studies"]]
    return [path for study in studies for path in study.get("certificates", [])]


REPORT = "<results>/report.html"


def captions_of_figures():
    """What a reader should see on each figure of this run."""
    return {name: FIGURES[name].caption(config) for name in of_studies("figures")}


FRONT_PAGE = "<results>/index.html"


def pages():
    """What the front page leads to, by what a reader calls it."""
    notebooks = {
        f"Notebook {name.replace('_', ' ')}": f"<results>/notebooks/{name}.html"
        for name in of_studies("notebooks")
    }
    return {
        "Explorer of classes, families, splits and verdicts": EXPLORER,
        "All claims, with what each rests on": LEDGER[-1],
        **notebooks,
        "Catalogue of critical points": CATALOGUE[1],
    }


def folders():
    """The folders of tables and certificates of this run, by what a reader calls them."""
    made = [*of_studies("tables"), *certificate_files()]
    names = dict.fromkeys(Path(path).parent.name for path in made)
    return {
        f"Files of {name.replace('_', ' ')}": f"<results>/{name}/" for name in names
    }


def beside_front_page(places):
    """These places as the front page, which lies in the folder of results, names them."""
    return {title: path.removeprefix("<results>/") for title, path in places.items()}


def final_targets():
    """Everything that a run ends with, but the report of it."""
    # The engine does not miss what only finished rules have read: without these a damaged table,
    # deleted as its reader advises, would not be made anew.
    data = [
        path for kind in ("tables", "arrays", "audits") for path in of_studies(kind)
    ]
    ends = [
        *LEDGER,
        *CATALOGUE,
        *pages().values(),
        FRONT_PAGE,
        "<results>/manifest.json",
    ]
    return list(
        dict.fromkeys([*all_figure_files(), *data, *certificate_files(), *ends])
    )


def is_whole():
    """Whether all results are there; a run that was asked for single files may leave some out."""
    targets = [
        target.replace("<results>", results_folder())
        for target in [*final_targets(), REPORT]
    ]
    return all(Path(target).exists() for target in targets)


def results_folder():
    """Where this run writes; asked by what no importer runs."""
    return workflow.pathvars.get("results")


def options_of_run():
    """What a second call of snakemake must be told to see the same workflow and config."""
    settings = workflow.config_settings
    options = {
        "--snakefile": [workflow.main_snakefile],
        "--configfile": [*settings.configfiles],
        "--config": [*settings.config_args],
    }
    return [
        str(word)
        for name, values in options.items()
        if values
        for word in (name, *values)
    ]


def where_to_look():
    """The last lines of a run; studies may have no figures or no notebooks."""
    results = results_folder()
    places = {
        "start": "index.html",
        "explorer": "explorer.html",
        "verdicts": "claims.html",
        "figures": "figures/",
        "notebooks": "notebooks/",
        "report": "report.html",
    }
    lacking = {kind for kind in ("figures", "notebooks") if not of_studies(kind)}
    return "\n".join(
        f"{name + ':':<11}{results}/{place}"
        for name, place in places.items()
        if name not in lacking
    )

# ReLU Landscape: from random restarts to figures and computed verdicts.
# `snakemake --cores all` runs the quick profile; other sizes: --configfile config/smoke.yaml or config/paper.yaml.
from snakemake.utils import min_version

min_version("9.10")


# First, because it says in one line why nothing is found where this runs in another folder.
include: "workflow/rules/common.smk"


# The engine would merge a given file into this one: keys that it lacks would come from here, unseen.
if not workflow.configfiles:

    configfile: "config/quick.yaml"


include: "workflow/rules/studies.smk"


check_claims()


pathvars:
    results=f"results/{config['profile']}",
    logs=f"results/{config['profile']}/logs",
    benchmarks=f"results/{config['profile']}/benchmarks",


wildcard_constraints:
    search="|".join(SEARCHES),
    case=r"k\d+-n\d+",
    span=r"k\d+-\d+",
    teachers=r"k\d+",
    space="|".join(FIXED_SPACES),
    certificates="|".join(CERTIFICATE_FILES),
    data="uniform|normal",
    initialisation="linear_layer|linear_layer_no_bias|normal",
    batch=r"\d{3}",
    figure="|".join(FIGURES),
    notebook="|".join(name for study in STUDIES.values() for name in study["notebooks"]),


rule all:
    input:
        final_targets(),


include: "workflow/rules/evidence.smk"


for study in STUDIES:

    include: f"workflow/rules/{study}.smk"


# Each figure can be asked for by its name: `snakemake safran2021_figure_1`
for figure in FIGURES:

    rule:
        name:
            figure
        input:
            figure_files(figure),


onstart:
    # To limit how many jobs start in a second, the engine would leave a timer behind each finished job, which wakes its
    # scheduler every second for the rest of the run.
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


onsuccess:
    if is_whole():
        make_report()
        print(where_to_look())

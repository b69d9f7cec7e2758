# ReLU Landscape: from random restarts to figures and computed verdicts.
# `snakemake --cores all` runs the quick profile; other sizes: --configfile config/smoke.yaml or config/paper.yaml.
from snakemake.utils import min_version

min_version("9.10")


# First, because it says in one line why nothing is found where this runs in another folder.
include: "workflow/rules/common.smk"


# The engine would merge a given file into this one: keys that it lacks would come from here, unseen.
if not workflow.configfiles:

    configfile: "config/quick.yaml"


include: "workflow/rules/cases.smk"


pathvars:
    results=f"results/{config['profile']}",
    logs=f"results/{config['profile']}/logs",
    benchmarks=f"results/{config['profile']}/benchmarks",


wildcard_constraints:
    search=r"[a-z]\w*",
    theorem=r"(A|I|II)-\d+",
    case=r"k\d+-n\d+",
    span=r"k\d+-\d+",
    teachers=r"k\d+",
    space=r"k\d+-q\d+",
    certificates=r"[\w-]+",
    data="uniform|normal",
    initialisation="linear_layer|linear_layer_no_bias|normal",
    batch=r"\d{3}",
    figure="|".join(FIGURES),
    notebook=r"\w+",


for study in RULES_OF_STUDIES:

    include: f"workflow/rules/{study}.smk"


check_claims()


include: "workflow/rules/evidence.smk"


rule all:
    default_target: True
    input:
        final_targets(),


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

# ReLU Landscape: from random restarts to figures and computed verdicts.
# `snakemake --cores all` runs the quick profile; other sizes: --configfile config/smoke.yaml or config/paper.yaml.
# Not `include:`, which would not take over what is made where no target is named.
workflow.include("workflow/Snakefile", overwrite_default_target=True)

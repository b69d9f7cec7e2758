"""Adapter of rule measure_full_rank."""

from relu_landscape.activation_regions.full_rank import measure_figure_1, measure_figure_2
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table

laws = {name: snakemake.wildcards[name] for name in ("data", "initialisation")}
shared = snakemake.params.trials
panels = [
    (measure_figure_1, {**snakemake.params.figure_1, "inputs": [d0]})
    for d0 in snakemake.params.figure_1["inputs"]
] + [
    (measure_figure_2, {**snakemake.params.figure_2, "ratios": [ratio]})
    for ratio in snakemake.params.figure_2["ratios"]
]

with job_log(snakemake.log[0]) as log:
    progress = log.progress("full rank", "panels")
    records = []
    for done, (measure, grid) in enumerate(panels, start=1):
        records += measure(**laws, **grid, **shared)
        progress(done, len(panels))
    write_table(make_table(records, "full_rank_cells"), snakemake.output[0], "full_rank_cells")

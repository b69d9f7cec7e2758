"""Adapter of rule plot_figure."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.stored import read_stored
from relu_landscape.figures.style import save_plot
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.proofs import join_proofs

with job_log(snakemake.log[0]):
    data = join_proofs({name: read_stored(path) for name, path in snakemake.input.items()})
    plot = draw_figure(snakemake.wildcards.figure, data)
    save_plot(plot, snakemake.params.caption, **dict(snakemake.output.items()))

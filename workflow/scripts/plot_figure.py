"""Adapter of rule plot_figure."""

from importlib import import_module
from pathlib import Path

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.figures.style import save_plot
from relu_landscape.tables.files import read_published, read_table

module, function = snakemake.params.plot.split(".")

with job_log(snakemake.log[0]):
    plot = getattr(import_module(f"relu_landscape.figures.{module}"), function)(
        {Path(path).stem: read_table(path) for path in snakemake.input.tables},
        {Path(path).stem: read_arrays(path) for path in snakemake.input.arrays},
        {Path(path).stem: read_published(path) for path in snakemake.input.published},
    )
    save_plot(plot, snakemake.output.svg, snakemake.output.pdf, snakemake.output.csv)

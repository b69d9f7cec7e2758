"""Adapter of rule draw_illustrations."""

from relu_landscape.activation_regions.illustrations import (
    function_space_rows,
    point_rows,
    sector_rows,
)
from relu_landscape.activation_regions.tables.one_dimensional import IllustratedFunctions
from relu_landscape.activation_regions.tables.regions import IllustratedPoints, IllustratedSectors
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

output = snakemake.output
points, lines = (snakemake.params.illustrations[name] for name in ("points", "lines"))

with job_log(snakemake.log[0]):
    placed = (row for X in points for row in point_rows(X))
    write_rows(placed, output.illustrated_points, IllustratedPoints)
    sectors = (row for X in points for row in sector_rows(X))
    write_rows(sectors, output.illustrated_sectors, IllustratedSectors)
    functions = (row for x in lines for row in function_space_rows(x))
    write_rows(functions, output.illustrated_functions, IllustratedFunctions)

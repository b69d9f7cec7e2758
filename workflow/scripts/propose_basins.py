"""Adapter of rule propose_basins."""

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.known_basins import basin_arrays, propose_basins

(k, _), params = case_size(snakemake.wildcards.case), snakemake.params

with job_log(snakemake.log[0]) as log:
    basins = propose_basins(k, params.largest_q)
    for basin in basins:
        log.say(f"{basin.name}: radius {basin.radius:.3g}, steps below {basin.step_bound:.3g}")
    write_arrays(snakemake.output[0], **basin_arrays(basins))

"""Adapter of rule measure_zero_loss."""

from relu_landscape.activation_regions.tables.zero_loss import (
    ZeroLossBounds,
    ZeroLossCounts,
    ZeroLossShares,
)
from relu_landscape.activation_regions.zero_loss_shares import (
    compare_bounds,
    count_regions_with_zero_loss,
    measure_shares,
)
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

settings, output = snakemake.params.zero_loss, snakemake.output
seed, confidence = settings["seed"], settings["confidence"]

with job_log(snakemake.log[0]):
    shares = measure_shares(settings["cells"], confidence=confidence, seed=seed)
    write_rows(shares, output.zero_loss_shares, ZeroLossShares)
    counts = count_regions_with_zero_loss(settings["counts"], seed=seed)
    write_rows(counts, output.zero_loss_counts, ZeroLossCounts)
    bounds = compare_bounds(settings["bounds"], seed=seed)
    write_rows(bounds, output.zero_loss_bounds, ZeroLossBounds)

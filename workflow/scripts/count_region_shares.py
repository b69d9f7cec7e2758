"""Adapter of rule count_region_shares."""

from relu_landscape.activation_regions.region_shares import compare_region_counts, count_shares
from relu_landscape.activation_regions.tables.regions import RegionCounts, RegionShares
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

settings, output = snakemake.params.region_shares, snakemake.output

with job_log(snakemake.log[0]):
    counts = compare_region_counts(settings["sizes"], seed=settings["seed"])
    write_rows(counts, output.region_counts, RegionCounts)
    shares = count_shares(settings["cells"], seed=settings["seed"])
    write_rows(shares, output.region_shares, RegionShares)

"""Adapter of rule write_explorer."""

from pathlib import Path

from relu_landscape.evidence.job_log import job_log
from relu_landscape.explorer.explorer_data import SplitRecipe
from relu_landscape.explorer.explorer_page import ExplorerSources, write_explorer
from relu_landscape.ledger.making import Making
from relu_landscape.minima.settings import Splitting
from relu_landscape.search.protocol import Protocol

files, values = snakemake.input, snakemake.params

with job_log(snakemake.log[0]) as log:
    written = write_explorer(
        ExplorerSources(
            catalogue=files.catalogue,
            claims=files.claims,
            tables=files.tables,
            representatives=files.get("representatives", []),
        ),
        snakemake.output[0],
        Making(
            profile=snakemake.config["profile"],
            tables={Path(path).stem: path for path in files.tables},
            page=str(Path(files.claims).with_suffix(".html")),  # stands beside it
            figures=values.figures,
        ),
        SplitRecipe(
            splitting=Splitting.model_validate(values.splitting),
            protocol=Protocol(**values.protocol),
            class_tolerance=values.tolerance,
        ),
    )
    log.say(f"{written} bytes")

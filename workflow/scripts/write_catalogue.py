"""Adapter of rule write_catalogue."""

from pathlib import Path

from relu_landscape.catalogue.export import CatalogueFiles, write_catalogue
from relu_landscape.evidence.certificate_files import certificate_lines
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.stored import read_stored
from relu_landscape.studies.catalogue_entries import gather_entries

READERS = {".jsonl": certificate_lines}

with job_log(snakemake.log[0]) as log:
    paths = map(Path, snakemake.input.data)
    data = {path.stem: READERS.get(path.suffix, read_stored)(path) for path in paths}
    entries = gather_entries(snakemake.params.studies, data)
    files = {name: Path(path) for name, path in snakemake.output.items()}
    write_catalogue(entries, CatalogueFiles(**files), snakemake.config["profile"])
    log.say(f"{len(entries)} entries")

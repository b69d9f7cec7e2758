"""Adapter of rule write_manifest."""

from pathlib import Path

from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.manifest import build_manifest

config = snakemake.params.config
output, lock = Path(snakemake.output[0]), Path(snakemake.input.lock)
parts = ("tables", "arrays", "certificates", "figures", "evidence")
made = [path for part in parts for path in snakemake.input.get(part)]

with job_log(snakemake.log[0]):
    manifest = build_manifest(
        config=config,
        lock_file=lock,
        repository=lock.parent,
        outputs=[Path(path) for path in made],
        results=output.parent,
    )
    write_json(output, manifest)

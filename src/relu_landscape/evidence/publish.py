"""Copy what a finished run has to show into the folder that is kept in git.

python -m relu_landscape publish results/quick figures/quick
"""

from __future__ import annotations

from pathlib import Path

from relu_landscape.catalogue.packaged import PACKAGED, PROFILE
from relu_landscape.evidence.costs import job_costs, render_costs, rule_costs
from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.run_records import RECORD
from relu_landscape.storage import write_bytes, write_text

_OF_FIGURES = (".csv", ".pdf", ".svg")


def publish(results: Path, target: Path) -> list[Path]:
    """Copy figures, verdicts and manifest of a finished run; returns the files written.

    Also writes the time and memory of each job, costs.tsv, and of each rule, costs.md, and copies
    how they came about, run.json. Figures and a record that the run does not have are removed. The
    catalogue of the profile that the package holds goes into the package.

    Raises:
        FileNotFoundError: the run is not finished: it has no manifest.
    """
    manifest = results / "manifest.json"
    if not manifest.exists():
        raise FileNotFoundError(f"{manifest} is missing: finish the run, then publish it")
    profile = read_json(manifest)["config"]["profile"]
    ledger = [results / "claims.md", results / "claims.json"]
    record = results / RECORD
    sources = [*sorted((results / "figures").glob("*.*")), *ledger, manifest]
    if record.exists():
        sources.append(record)
    else:
        (target / RECORD).unlink(missing_ok=True)
    for path in target.glob("*.*"):
        if path.suffix in _OF_FIGURES and not (results / "figures" / path.name).exists():
            path.unlink()
    written = []
    for source in sources:
        write_bytes(target / source.name, source.read_bytes())
        written.append(target / source.name)
    if profile == PROFILE:
        write_bytes(PACKAGED, (results / "catalogue" / PACKAGED.name).read_bytes())
        written.append(PACKAGED)
    jobs = job_costs(results / "benchmarks")
    write_text(target / "costs.tsv", jobs.to_csv(sep="\t", index=False, float_format="%.4g"))
    title = f"Cost of the profile {profile}"
    write_text(target / "costs.md", render_costs(rule_costs(jobs), title))
    return [*written, target / "costs.tsv", target / "costs.md"]

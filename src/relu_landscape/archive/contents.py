"""What an archive of a run holds: what takes core-hours, not what its checkout makes of that."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["CRATE", "FOLDERS", "MANIFEST", "README", "TABLES", "WORKFLOW", "archived_outputs"]

MANIFEST = "manifest.json"
CRATE = "ro-crate-metadata.json"
README = "README.md"
WORKFLOW = "workflow/Snakefile"
# Weights of all restarts, parts of tables, figures and notebooks stay out: the first are large, the
# others are made again from what is here.
TABLES = ("tables", "statistics")
FOLDERS = (*TABLES, "arrays", "audits")
# Certificates, which each study puts where it likes.
_CERTIFICATES = ".jsonl"
# Large, and read by no figure and no verdict: one row a restart, of which the statistics are here,
# and what is made from the class representatives within a minute.
_LEFT_OUT = ("tables/restarts.parquet", "arrays/landings.npz", "arrays/softest_directions.npz")
_LEDGER = ("claims.json", "claims.md", "claims.html")


def archived_outputs(outputs: Iterable[str]) -> list[str]:
    """Of the outputs that a manifest names those that belong into an archive, in order."""
    return sorted(
        name
        for name in set(outputs).difference(_LEFT_OUT)
        if name.partition("/")[0] in FOLDERS or name.endswith(_CERTIFICATES) or name in _LEDGER
    )

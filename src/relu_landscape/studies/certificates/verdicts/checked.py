"""Findings that rest on certificates: what a failure to prove means, and the checker's word."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import not_run, place_of, ranges_of, sizes_of
from relu_landscape.judging.words import counted
from relu_landscape.tables.columns import CLASS, POINT

PAIR = ("k", "n")
INEQUALITY = ("quantity", "point")
_KEYS: Mapping[str, Sequence[str]] = {
    "certified_classes": CLASS,
    "certified_pairs": PAIR,
    "certified_families": POINT,
}
_CHECKS = "certificate_checks"
_NAMED = 5  # exceptions that a note names at most


def checker_accepts(_: Claim, certificate_checks: pd.DataFrame) -> Finding:
    """Does the checker accept every certificate of every file?

    Source: derived.
    """
    total = int(certificate_checks["certificates"].sum())
    if not total:
        return not_run("there are no certificates")
    refused = certificate_checks[
        certificate_checks["accepted"] != certificate_checks["certificates"]
    ]
    evidence = f"tables/{_CHECKS}.parquet"
    if not refused.empty:
        evidence += f": {place_of(refused, ('file',))}"
    return Finding(
        verdict=Verdict.CONSISTENT if refused.empty else Verdict.DEVIATES,
        found={"certificates": total, "accepted": int(certificate_checks["accepted"].sum())},
        sample_size=total,
        expected={"accepted": total},
        note=", ".join(
            f"{row.file}: {row.accepted} of {row.certificates}"
            for row in certificate_checks.itertuples()
        ),
        evidence=evidence,
    )


def shown_for_all(
    cases: pd.DataFrame,
    missing: pd.DataFrame,
    *,
    table: str,
    found: Mapping[str, Quantity],
    note: str,
    listed_as: str = "",
) -> Finding:
    """Consistent if shown in all cases; else undecided, with the exceptions and their reasons.

    `listed_as` names the cases, if they are an explicit list: shown in all of them is proved.
    """
    key = _KEYS.get(table, INEQUALITY if "point" in cases else ("k",))
    notes = [f"{counted(len(cases), 'case')} ({sizes_of(cases)}), not shown in {len(missing)}."]
    if not missing.empty:
        notes.append(
            "Not shown: "
            + listed([_with_reason(missing.iloc[[place]], key) for place in range(len(missing))])
        )
    return Finding(
        verdict=Verdict.CONSISTENT if missing.empty else Verdict.UNDECIDED,
        found=found,
        sample_size=len(cases),
        note=" ".join([*notes, note]).strip(),
        proved=len(cases) - len(missing),
        listed=listed_as,
        evidence=f"tables/{table}.parquet"
        + ("" if missing.empty else f": {place_of(missing, key)}"),
        would_decide=f"It is not shown in {len(missing)} of {counted(len(cases), 'case')}; "
        "certificates of them would decide.",
    )


def _with_reason(row: pd.DataFrame, key: Sequence[str]) -> str:
    reason = row["reason"].iloc[0] if "reason" in row else None
    return place_of(row, key) + (f" ({reason})" if isinstance(reason, str) else "")


def listed(names: Sequence[str]) -> str:
    """Return the first names in a sentence, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + f"{more}."


def if_checked(
    finding: Finding, claim: Claim, rows: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """`finding`, undecided unless the checker accepted all certificates behind its rows."""
    pattern = claim.parameters["file"]
    files = pd.Series([_file_of(row, pattern) for row in rows.to_dict("records")], rows.index)
    lines = rows["line"].where(rows["proved"]) if "proved" in rows else rows["line"]
    counts = certificate_checks[["file", "certificates", "accepted"]]
    checks = {
        str(file): (int(certificates), int(accepted))
        for file, certificates, accepted in counts.itertuples(index=False, name=None)
    }
    doubts = [_doubt(file, checks, lines[files == file].dropna()) for file in files.unique()]
    doubts = [doubt for doubt in doubts if doubt]
    if doubts:
        note = listed(doubts)
        finding = replace(
            finding,
            verdict=Verdict.UNDECIDED,
            proved=None,
            would_decide="The checker does not stand behind every certificate; certificates that "
            "it accepts would decide.",
        )
    else:
        note = f"The checker accepted all certificates of {', '.join(files.unique())}."
        evidence = [finding.evidence, *_places(files, lines.dropna())]
        finding = replace(finding, evidence="; ".join(evidence))
    return replace(finding, note=f"{finding.note} {note}".strip())


def _places(files: pd.Series, lines: pd.Series) -> list[str]:
    """File and lines of the certificates behind some rows."""
    of_files = lines.astype(int).groupby(files.loc[lines.index], sort=False)
    return [f"certificates/{file}: line {ranges_of(part)}" for file, part in of_files]


def _file_of(row: Mapping[Hashable, object], pattern: str) -> str:
    return pattern.format(**{str(name): value for name, value in row.items()})


def _doubt(file: str, checks: Mapping[str, tuple[int, int]], lines: pd.Series) -> str:
    """Why the checker does not stand behind a file and the lines named of it; empty if it does."""
    if file not in checks:
        return f"The checker has not seen {file}"
    certificates, accepted = checks[file]
    if accepted != certificates:
        return (
            f"The checker accepted only {accepted} of {counted(certificates, 'certificate')} of "
            f"{file}"
        )
    if not lines.between(1, certificates).all():
        return f"Not every proof has its line among the {certificates} of {file}"
    return ""

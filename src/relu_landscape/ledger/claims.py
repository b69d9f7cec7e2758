"""The ledger: what the papers assert, and what the tests named there make of it.

The tests are functions of the studies, see `studies.declarations`. What a test returns is bounded
by what its claim allows: see `judge`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.ledger.claims_files import ClaimsFile
from relu_landscape.settings.faults import check_document
from relu_landscape.settings.yaml_files import read_yaml
from relu_landscape.studies.declarations import Declaration, declared_verdicts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Judgement", "LedgerEntry", "judge", "load_claims", "read_claims"]

Tables: TypeAlias = "Mapping[str, pd.DataFrame]"

# What a favourable verdict becomes where the kind of a claim does not allow it; an unfavourable one
# is never softened.
_BY_KIND = {
    ("universal", Verdict.REPRODUCED): (
        Verdict.CONSISTENT,
        "Finitely many cases cannot reproduce a statement about all of them.",
    ),
    ("published_number", Verdict.CONSISTENT): (
        Verdict.UNDECIDED,
        "The published number was not compared.",
    ),
    ("existence", Verdict.CONSISTENT): (
        Verdict.UNDECIDED,
        "The thing said to exist was not found.",
    ),
}
_RECALLED = "The claim is known from memory only."
# A number that deviates from a recalled one may show a fault of the memory, not of the paper.
_BY_MEMORY = {
    ("published_number", Verdict.REPRODUCED): Verdict.UNDECIDED,
    ("published_number", Verdict.DEVIATES): Verdict.UNDECIDED,
    ("existence", Verdict.REPRODUCED): Verdict.CONSISTENT,
}
_NEEDS_SAMPLE = {Verdict.REPRODUCED, Verdict.CONSISTENT, Verdict.DEVIATES}


@dataclass(frozen=True)
class LedgerEntry:
    """One claim in one case, as the claims files state it."""

    id: str
    claim: str
    paper: str
    where: str
    statement: str
    kind: str
    source: str
    test: Declaration
    parameters: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)
    expected: Any = None


@dataclass(frozen=True)
class Judgement:
    """One line of the ledger: a claim in one case, the verdict, and what it rests on."""

    id: str
    claim: str
    paper: str
    where: str
    statement: str
    kind: str
    source: str
    case: Mapping[str, Any]
    verdict: Verdict
    found: Quantity | Mapping[str, Quantity]
    interval: tuple[float, float] | None
    sample_size: int | None
    proved: int | None
    expected: Quantity | Mapping[str, Quantity]
    evidence: str
    note: str


def read_claims(paths: Iterable[str]) -> tuple[LedgerEntry, ...]:
    """The entries of the claims files at `paths`; see `load_claims`.

    Raises ValueError, too, for a file that is not YAML.
    """
    files = {path: read_yaml(path) for path in paths}
    return load_claims(files, declared_verdicts())


def load_claims(
    files: Mapping[str, Any], tests: Mapping[str, Declaration]
) -> tuple[LedgerEntry, ...]:
    """The entries of the claims files, one for each claim and case, in their order.

    files: the parsed content of each file by its name; tests: what may decide, by name.

    Raises ValueError listing every departure from `ClaimsFile`, every id or case that occurs twice
    and every test that there is not.
    """
    faults = [
        f"{name}: {fault}"
        for name, content in files.items()
        for fault in check_document(content, ClaimsFile)
    ]
    _raise_for(faults)
    places: dict[str, str] = {}
    entries: list[LedgerEntry] = []
    for name, content in files.items():
        for record in content:
            if record["test"] not in tests:
                near = _near(record["test"], tests)
                faults.append(f"{name}: claim '{record['id']}': no test {record['test']!r}{near}")
                continue
            for entry in _expand(record, tests[record["test"]]):
                if entry.id in places:
                    faults.append(f"{name}: id '{entry.id}' occurs already in {places[entry.id]}")
                places[entry.id] = name
                entries.append(entry)
    _raise_for(faults)
    return tuple(entries)


def judge(
    entries: Iterable[LedgerEntry], tables: Tables, published: Tables
) -> tuple[Judgement, ...]:
    """The judgement of each entry by its test.

    A test sees the tables and published numbers that its parameters name. Whatever it returns:

    - without one of its tables, or a row for its case in each, the claim is not run;
    - what states no number of cases that it rests on is undecided;
    - a statement about all cases is never reproduced, at most consistent;
    - a published number is never consistent, it agrees or not; nor is a claim that something
      exists, unless it is known from memory only;
    - what is known from memory only is never reproduced: a number, which may be remembered wrongly,
      is undecided, and so it is where it deviates; existence is consistent at most.

    Raises ValueError where a test returns something else than a Finding.
    """
    return tuple(_judge_one(entry, tables, published) for entry in entries)


def _judge_one(entry: LedgerEntry, tables: Tables, published: Tables) -> Judgement:
    lacking = _find_lack(entry, tables, published)
    if lacking:
        return _judgement(entry, Finding(Verdict.NOT_RUN, expected=entry.expected, note=lacking))
    data = {**published, **tables}
    claim = Claim(entry.id, entry.parameters, entry.case, entry.expected)
    finding = entry.test.load()(claim, **{name: data[name] for name in entry.test.inputs})
    if not isinstance(finding, Finding):
        raise ValueError(
            f"test '{entry.test.name}' of claim '{entry.id}' returned a "
            f"{type(finding).__name__}, but must return a Finding"
        )
    return _judgement(entry, _bounded(finding, entry))


def _bounded(finding: Finding, entry: LedgerEntry) -> Finding:
    """`finding` with the verdict that the kind and source of the claim allow at most."""
    if finding.verdict in _NEEDS_SAMPLE and not finding.sample_size:
        finding = _lowered(finding, Verdict.UNDECIDED, "It states no cases that it rests on.")
    instead = _BY_KIND.get((entry.kind, finding.verdict))
    if instead is not None:
        finding = _lowered(finding, *instead)
    if entry.source == "recalled" and finding.verdict is not Verdict.NOT_RUN:
        verdict = _BY_MEMORY.get((entry.kind, finding.verdict), finding.verdict)
        finding = _lowered(finding, verdict, _RECALLED)
    return finding


def _lowered(finding: Finding, verdict: Verdict, reason: str) -> Finding:
    return replace(finding, verdict=verdict, note=f"{finding.note} {reason}".strip())


def _find_lack(entry: LedgerEntry, tables: Tables, published: Tables) -> str:
    """What the claim needs and this profile has not computed; empty if it has all."""
    for name in entry.test.inputs:
        if name in published:
            continue
        if name not in tables:
            return f"There is no table {name}."
        frame = tables[name]
        here = frame
        for column, value in entry.case.items():
            if column in here.columns:
                here = here[here[column] == value]
        if here.empty:
            return f"The table {name} has no rows for this case."
    return ""


def _judgement(entry: LedgerEntry, finding: Finding) -> Judgement:
    return Judgement(
        id=entry.id,
        claim=entry.claim,
        paper=entry.paper,
        where=entry.where,
        statement=entry.statement,
        kind=entry.kind,
        source=entry.source,
        case=entry.case,
        verdict=finding.verdict,
        found=finding.found,
        interval=finding.interval,
        sample_size=finding.sample_size,
        proved=finding.proved,
        expected=entry.expected if finding.expected is None else finding.expected,
        evidence=finding.evidence,
        note=finding.note,
    )


def _expand(record: Mapping[str, Any], test: Declaration) -> list[LedgerEntry]:
    """One entry for each case of a claim, or one in all if it has no cases."""
    common = {key: value for key, value in record.items() if key not in ("cases", "id")}
    common["test"] = test
    name = record["id"]
    if "cases" not in record:
        return [LedgerEntry(id=name, claim=name, **common)]
    entries = []
    for given in record["cases"]:
        case = {key: value for key, value in given.items() if key != "expected"}
        expected = given.get("expected", record.get("expected"))
        label = ",".join(f"{key}={value}" for key, value in case.items())
        entry = common | {"case": case, "expected": expected}
        entries.append(LedgerEntry(id=f"{name}[{label}]", claim=name, **entry))
    return entries


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _raise_for(faults: Sequence[str]) -> None:
    if faults:
        raise ValueError("the claims cannot be judged:\n  " + "\n  ".join(faults))

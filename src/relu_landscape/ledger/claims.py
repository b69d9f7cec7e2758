"""What papers and this project assert, as the claims files state it: claims, case by case.

The tests that files name are functions of the studies, see `studies.declarations`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from relu_landscape.ledger.claims_files import ClaimsFile, Ledger
from relu_landscape.settings.faults import check_document
from relu_landscape.settings.yaml_files import read_yaml
from relu_landscape.studies.declarations import Declaration, declared_verdicts

__all__ = ["LedgerEntry", "Question", "entries_of", "load_claims", "read_claims"]


@dataclass(frozen=True)
class Question:
    """A test that may decide a claim, with its parameters."""

    test: Declaration
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerEntry:
    """One claim in one case, as the claims files state it."""

    ledger: Ledger
    id: str
    claim: str
    paper: str
    where: str
    statement: str
    kind: str
    source: str | None
    test: Declaration
    parameters: Mapping[str, Any] = field(default_factory=dict)
    proofs: tuple[Question, ...] = ()
    case: Mapping[str, Any] = field(default_factory=dict)
    expected: Any = None

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables and published numbers that the test and the proofs of the claim see."""
        tests = [self.test, *(proof.test for proof in self.proofs)]
        return tuple(dict.fromkeys(name for test in tests for name in test.inputs))


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
        written = [(ledger, record) for ledger in Ledger for record in content.get(ledger, ())]
        for ledger, record in written:
            unknown = _unknown_tests(record, tests)
            faults += [f"{name}: claim '{record['id']}': no test {test}" for test in unknown]
            for entry in () if unknown else _expand(ledger, record, tests):
                if entry.id in places:
                    faults.append(f"{name}: id '{entry.id}' occurs already in {places[entry.id]}")
                places[entry.id] = name
                entries.append(entry)
    _raise_for(faults)
    return tuple(entries)


def entries_of(entries: Iterable[LedgerEntry], claim: str) -> list[LedgerEntry]:
    """The entries of one claim, one for each of its cases.

    Raises ValueError for a claim that there is not, with those of a similar name.
    """
    listed = list(entries)
    found = [entry for entry in listed if entry.claim == claim]
    if not found:
        known = dict.fromkeys(entry.claim for entry in listed)
        near = difflib.get_close_matches(claim, known, n=3, cutoff=0.4)
        raise ValueError(
            f"there is no claim {claim!r}; "
            + (f"near are {', '.join(near)}" if near else f"there are {', '.join(known)}")
        )
    return found


def _unknown_tests(record: Mapping[str, Any], tests: Mapping[str, Declaration]) -> list[str]:
    """The tests that a claim names and that there are not, each with the one it may mean."""
    named = [record["test"], *(proof["test"] for proof in record.get("proofs", ()))]
    return [f"{test!r}{_near(test, tests)}" for test in named if test not in tests]


def _expand(
    ledger: Ledger, record: Mapping[str, Any], tests: Mapping[str, Declaration]
) -> list[LedgerEntry]:
    """One entry for each case of a claim, or one in all if it has no cases."""
    common: dict[str, Any] = {"source": None, "ledger": ledger}
    common |= {key: value for key, value in record.items() if key not in ("cases", "id")}
    common["test"] = tests[record["test"]]
    common["proofs"] = tuple(
        Question(
            tests[proof["test"]], {**record.get("parameters", {}), **proof.get("parameters", {})}
        )
        for proof in record.get("proofs", ())
    )
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

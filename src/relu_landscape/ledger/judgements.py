"""What the tests of the claims make of tables: a judgement of each claim in each case.

What a test returns is bounded by what its claim allows: see `judge`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.statistics import LEDGER_WISE_LEVEL
from relu_landscape.ledger.claims import LedgerEntry, Question
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.studies.declarations import Declaration

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Judgement", "judge", "judge_one", "levels"]

Tables: TypeAlias = "Mapping[str, pd.DataFrame]"

# What a favourable verdict becomes where the kind of a claim does not allow it; an unfavourable one
# is never softened.
_BY_KIND = {
    ("universal", Verdict.REPRODUCED): (
        Verdict.CONSISTENT,
        "Finitely many cases cannot reproduce a statement about all of them.",
    ),
    ("number", Verdict.CONSISTENT): (
        Verdict.UNDECIDED,
        "The number was not compared, which its test would have to do.",
    ),
    ("existence", Verdict.CONSISTENT): (
        Verdict.UNDECIDED,
        "The thing said to exist was not found; one case of it would decide.",
    ),
}
_RECALLED = "The claim is known from memory only; the text of the paper would decide."
_NO_CASES = "It states no cases that it rests on; cases that the test counts would decide."
_OUR_WORDING = "What is proved is our wording of it."
# A number that deviates from a recalled one may show a fault of the memory, not of the paper.
_BY_MEMORY = {
    ("number", Verdict.REPRODUCED): Verdict.UNDECIDED,
    ("number", Verdict.DEVIATES): Verdict.UNDECIDED,
    ("existence", Verdict.REPRODUCED): Verdict.CONSISTENT,
}
_NEEDS_SAMPLE = {Verdict.REPRODUCED, Verdict.CONSISTENT, Verdict.DEVIATES}
_AGAINST = {Verdict.REFUTED, Verdict.DEVIATES}
# A number agrees and existence is found by measurement; no counterexample leaves a conjecture.
_RESTS_ON = {
    Verdict.PROVED: "proved",
    Verdict.REPRODUCED: "measured",
    Verdict.CONSISTENT: "conjectured",
}


@dataclass(frozen=True)
class Judgement:
    """One line of the ledger: a claim in one case, the verdict, and what it rests on.

    `would_decide` is empty unless the verdict is undecided. `reads` names the tables and published
    numbers that the test and the proofs of the claim see, `study` is where the test stands.
    """

    ledger: Ledger
    id: str
    claim: str
    paper: str
    where: str
    statement: str
    kind: str
    source: str | None
    case: Mapping[str, Any]
    verdict: Verdict
    found: Quantity | Mapping[str, Quantity]
    interval: tuple[float, float] | None
    sample_size: int | None
    proved: int | None
    listed: str
    expected: Quantity | Mapping[str, Quantity]
    evidence: str
    note: str
    would_decide: str
    test: str
    study: str
    reads: tuple[str, ...]

    @property
    def rests_on(self) -> str:
        """What a result of this project rests on, in a word; empty where it does not hold."""
        return _RESTS_ON.get(self.verdict, "") if self.ledger is Ledger.OWN_RESULTS else ""


def judge(
    entries: Iterable[LedgerEntry], tables: Tables, published: Tables
) -> tuple[Judgement, ...]:
    """The judgement of each entry by its test.

    A test sees the tables and published numbers that its parameters name. Whatever it returns:

    - without one of its tables, or a row for its case in each, the claim is not run;
    - what states no number of cases that it rests on is undecided;
    - what holds in every case of an explicit list, each with a certificate, is proved;
    - a statement about all cases is never reproduced, at most consistent;
    - a number is never consistent, it agrees or not; nor is a claim that something exists, unless
      it is known from memory only;
    - what is known from memory only is never reproduced: a number, which may be remembered wrongly,
      is undecided, and so it is where it deviates; existence is consistent at most.

    What its proofs prove or refute decides the claim, unless a counterexample to it was met.

    Raises ValueError where a test returns something else than a Finding.
    """
    listed = tuple(entries)
    level_of = levels(listed)
    return tuple(judge_one(entry, tables, published, level_of[entry.ledger]) for entry in listed)


def judge_one(entry: LedgerEntry, tables: Tables, published: Tables, level: float) -> Judgement:
    """The judgement of one entry, bounded as `judge` says.

    level: of its ledger, see `levels`.
    """
    data = _Data(tables, published)
    finding = _bounded(_find(entry, Question(entry.test, entry.parameters), data, level), entry)
    for proof in entry.proofs:
        finding = _with_proof(finding, _bounded(_find(entry, proof, data, level), entry))
    return _judgement(entry, finding)


@dataclass(frozen=True)
class _Data:
    """What tests may see."""

    tables: Tables
    published: Tables


def levels(entries: Iterable[LedgerEntry]) -> dict[Ledger, float]:
    """At which level each claim of a ledger that compares samples is tested, over all its cases.

    The claims of one ledger share LEDGER_WISE_LEVEL in equal parts (Bonferroni); each claim spends
    its part on its cases by Holm's procedure. So all tests of a ledger together call agreement a
    deviation with that probability at most.
    """
    claims: defaultdict[Ledger, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.test.compares_samples:
            claims[entry.ledger].add(entry.claim)
    return {ledger: LEDGER_WISE_LEVEL / max(1, len(claims[ledger])) for ledger in Ledger}


def _find(entry: LedgerEntry, question: Question, data: _Data, level: float) -> Finding:
    """What a test says of a claim."""
    lacking = _find_lack(entry, question.test, data)
    if lacking:
        return Finding(Verdict.NOT_RUN, expected=entry.expected, note=lacking)
    claim = Claim(entry.id, question.parameters, entry.case, entry.expected)
    finding = question.test.ask(claim, {**data.published, **data.tables}, level)
    if not isinstance(finding, Finding):
        raise ValueError(
            f"test '{question.test.name}' of claim '{entry.id}' returned a "
            f"{type(finding).__name__}, but must return a Finding"
        )
    return finding


def _with_proof(measured: Finding, proof: Finding) -> Finding:
    """What was measured of a claim, decided by what is proved of it."""
    if proof.verdict is Verdict.NOT_RUN:
        return measured
    note = f"{proof.note} {measured.note}".strip()
    decides = proof.verdict is Verdict.REFUTED or (
        proof.verdict is Verdict.PROVED and measured.verdict not in _AGAINST
    )
    if not decides:
        return replace(measured, note=note)
    if measured.verdict is not Verdict.PROVED:
        return replace(proof, note=note)
    return replace(  # a further range
        measured,
        note=note,
        sample_size=_sum(measured.sample_size, proof.sample_size),
        proved=_sum(measured.proved, proof.proved),
        listed=f"{measured.listed}; {proof.listed}",
        evidence=f"{measured.evidence}; {proof.evidence}",
    )


def _sum(one: int | None, other: int | None) -> int:
    return (one or 0) + (other or 0)


def _bounded(finding: Finding, entry: LedgerEntry) -> Finding:
    """`finding` with the verdict that the kind and source of the claim allow."""
    if _is_proved(finding):
        finding = replace(finding, verdict=Verdict.PROVED)
        recalled = entry.source == "recalled"
        return _lowered(finding, Verdict.PROVED, _OUR_WORDING) if recalled else finding
    if finding.verdict in _NEEDS_SAMPLE and not finding.sample_size:
        finding = _lowered(finding, Verdict.UNDECIDED, _NO_CASES)
    instead = _BY_KIND.get((entry.kind, finding.verdict))
    if instead is not None:
        finding = _lowered(finding, *instead)
    if entry.source == "recalled" and finding.verdict is not Verdict.NOT_RUN:
        verdict = _BY_MEMORY.get((entry.kind, finding.verdict), finding.verdict)
        finding = _lowered(finding, verdict, _RECALLED)
    return finding


def _is_proved(finding: Finding) -> bool:
    """Whether every case of an explicit list has a certificate of what holds there."""
    holds = finding.verdict in {Verdict.REPRODUCED, Verdict.CONSISTENT}
    complete = bool(finding.sample_size) and finding.proved == finding.sample_size
    return holds and bool(finding.listed) and complete


def _lowered(finding: Finding, verdict: Verdict, reason: str) -> Finding:
    """`finding` with a lower verdict, which says why; one that was undecided before stays so."""
    return replace(
        finding,
        verdict=verdict,
        note=f"{finding.note} {reason}".strip(),
        would_decide=finding.would_decide or reason,
    )


def _find_lack(entry: LedgerEntry, test: Declaration, data: _Data) -> str:
    """What the test needs and this profile has not computed; empty if it has all."""
    for name in test.inputs:
        if name in data.published:
            continue
        if name not in data.tables:
            return f"There is no table {name}."
        here = data.tables[name]
        for column, value in entry.case.items():
            if column in here.columns:
                here = here[here[column] == value]
        if here.empty:
            return f"The table {name} has no rows for this case."
    return ""


def _judgement(entry: LedgerEntry, finding: Finding) -> Judgement:
    return Judgement(
        ledger=entry.ledger,
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
        listed=finding.listed,
        expected=entry.expected if finding.expected is None else finding.expected,
        evidence=finding.evidence,
        note=finding.note,
        would_decide=finding.would_decide if finding.verdict is Verdict.UNDECIDED else "",
        test=entry.test.name,
        study=entry.test.study,
        reads=entry.reads,
    )

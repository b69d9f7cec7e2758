"""Claims as their files state them, and what their tests say of tables."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import yaml

from helpers_tables import ROOT
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.ledger.claims import LedgerEntry, Question, load_claims
from relu_landscape.ledger.judgements import judge
from relu_landscape.studies.declarations import Declaration, declared_verdicts

LEVEL = 0.004  # near that of a claim in the ledger of papers


@cache
def ledger(name: str) -> Mapping[str, LedgerEntry]:
    """Every claim of the claims files of this name, or pattern, in every case, by id."""
    files = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "claims").glob(f"{name}.yaml"))
    }
    return {entry.id: entry for entry in load_claims(files, declared_verdicts())}


def verdicts_of(study: str) -> dict[str, Declaration]:
    """The tests of claims of a study by name."""
    return {name: test for name, test in declared_verdicts().items() if test.study == study}


def ask(test: Declaration, claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """What a test says of a claim and the tables that it names, out of these.

    An undecided claim says in one sentence what would decide it, whose numbers are known.
    """
    finding: Finding = test.ask(claim, tables, LEVEL)
    told = finding.would_decide
    if finding.verdict is Verdict.UNDECIDED:
        assert "would" in told, told
        assert told.endswith("."), told
        assert ". " not in told, told
        assert "nan" not in told.split(), told
    return finding


class _Parameters(dict[str, Any]):
    """Parameters that remember which of them were read."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def find(name: str, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """What the test of a claim says of the tables it names, before the ledger bounds it.

    `name` is the id of the claim, or that and the test of one of its proofs after a slash.
    """
    return find_and_read(name, tables)[0]


def find_and_read(name: str, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, set[str]]:
    """The same, and the names of the parameters that the test has read."""
    entry, question = question_of(name)
    parameters = _Parameters(question.parameters)
    claim = Claim(entry.id, parameters, entry.case, entry.expected)
    return ask(question.test, claim, tables), parameters.read


def verdict(name: str, tables: Mapping[str, pd.DataFrame]) -> Verdict:
    """The verdict on a claim, with its proofs, as the ledger bounds it."""
    (judgement,) = judge([ledger("*")[name]], tables, {})
    return judgement.verdict


def question_of(name: str) -> tuple[LedgerEntry, Question]:
    """The claim and the test that a name as in `find` stands for."""
    claim, _, test = name.partition("/")
    entry = ledger("*")[claim]
    if not test:
        return entry, Question(entry.test, entry.parameters)
    (question,) = [proof for proof in entry.proofs if proof.test.name == test]
    return entry, question

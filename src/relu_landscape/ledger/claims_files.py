"""What stands in a claims file: the ledgers, and a claim as its author writes it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, WithJsonSchema

from relu_landscape.settings.kinds import Entries
from relu_landscape.settings.model import Misfit, Settings

__all__ = [
    "ClaimsFile",
    "Ledger",
    "PaperClaim",
    "UnjudgedStatement",
    "WrittenClaim",
    "WrittenProof",
]


def _no_list(value: Any) -> Any:
    if value is None or isinstance(value, list):
        raise ValueError("is a list or empty")
    return value


Source: TypeAlias = Annotated[
    Literal["found", "derived", "recalled", "data"],
    Field(
        description="Read in the paper, its code or its result files; proved or computed from "
        "them; recalled from memory; recomputed from the authors' result files."
    ),
]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Sentence: TypeAlias = Annotated[str, Field(min_length=1)]
Value: TypeAlias = Annotated[
    Any,
    AfterValidator(_no_list),
    WithJsonSchema({"type": ["number", "string", "boolean", "object"]}),
]


class Ledger(StrEnum):
    """Whose statement a claim is."""

    PAPERS = "papers"
    OWN_CHECKS = "own_checks"
    OWN_RESULTS = "own_results"


class WrittenProof(Settings):
    """A test whose tables are certificates; what it finds proved of a claim decides the claim."""

    test: Word = Field(description="Name of the function of a study that decides.")
    parameters: dict[str, Any] = Field(
        default={}, description="Settings of the test, beside and before those of the claim."
    )


class WrittenClaim(Settings):
    """One claim."""

    id: Word = Field(
        description="Name of the claim, once in all files; the case is appended in brackets."
    )
    paper: Sentence = Field(description="The paper, as readers cite it.")
    where: Sentence = Field(description="Theorem, section, figure or table.")
    statement: Sentence = Field(description="What is asserted, in our own words.")
    kind: Literal["number", "universal", "existence"] = Field(
        description="A number, a statement about all cases, or a statement that something exists."
    )
    test: Word = Field(
        description="Name of the function of a study that decides; its parameters name the tables "
        "and published numbers that it reads."
    )
    parameters: dict[str, Any] = Field(default={}, description="Settings of the test.")
    proofs: Entries[WrittenProof] = Field(
        default=(),
        description="Tests of certificates: what they prove is proved, whatever `test` has met.",
    )
    cases: Entries[Annotated[dict[str, Any], Field(min_length=1)]] = Field(
        default=(),
        description="The claim is judged once for each; a key `expected` in a case wins over the "
        "one of the claim.",
    )
    expected: Value = Field(default=None, description="The value that the paper states.")

    def misfits(self) -> Iterator[Misfit]:
        """A case that stands there twice."""
        for number, case in enumerate(self.cases):
            if case in self.cases[:number]:
                yield ("cases", number), f"{case} stands there twice; allowed: once"


class PaperClaim(WrittenClaim):
    """One claim of a paper."""

    source: Source


class UnjudgedStatement(Settings):
    """A statement of a paper that nothing here tests, and why not."""

    paper: Sentence = Field(description="The paper, as readers cite it.")
    where: Sentence = Field(description="Theorem, section, figure or table.")
    statement: Sentence = Field(description="What is asserted, in our own words.")
    source: Source
    reason: Sentence = Field(description="Why it is not tested, and what would be needed.")


class ClaimsFile(Settings):
    """The claims of one file by ledger."""

    papers: Entries[PaperClaim] = Field(
        default=(), description="What a paper, its data or its code asserts."
    )
    own_checks: Entries[WrittenClaim] = Field(
        default=(), description="That two methods of this project agree."
    )
    own_results: Entries[WrittenClaim] = Field(
        default=(), description="Theorems, predictions and findings of this project."
    )
    not_judged: Entries[UnjudgedStatement] = Field(
        default=(), description="What a paper asserts and no claim tests."
    )

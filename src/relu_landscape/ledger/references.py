"""The papers that claims are about, and what was read of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from relu_landscape.ledger.claims_files import Sentence
from relu_landscape.settings.faults import check_document
from relu_landscape.settings.kinds import Distinct, Entries, repeated_names
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.yaml_files import read_yaml

__all__ = ["Reference", "Work", "read_references"]


class Work(Settings):
    """One publication."""

    authors: Distinct[Sentence] = Field(description="In their order.")
    title: Sentence = Field(description="As printed.")
    venue: Sentence | None = Field(default=None, description="None for a preprint.")
    year: int = Field(ge=1900, le=2100, description="Of the venue, or of the preprint.")
    arxiv: Annotated[str, Field(pattern=r"^\d{4}\.\d{4,5}$")] | None = Field(
        default=None, description="Number of the preprint."
    )
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = Field(
        default=None, description="Of the printed version; that of a preprint follows."
    )

    @property
    def dois(self) -> tuple[str, ...]:
        """Identifiers of the printed version and of the preprint, as far as there are any."""
        preprint = None if self.arxiv is None else f"10.48550/arXiv.{self.arxiv}"
        return tuple(doi for doi in (self.doi, preprint) if doi is not None)


class Reference(Settings):
    """What claims cite by one name."""

    name: Sentence = Field(description="As the key `paper` of the claims.")
    works: Entries[Work] = Field(description="The publications that the name stands for.")
    read: Distinct[Literal["abstract", "text", "reviews", "code", "data"]] = Field(
        description="What was at hand."
    )
    extent: Sentence = Field(description="What that means for the claims, in a sentence.")


class _References(Settings):
    papers: Entries[Reference]

    def misfits(self) -> Iterator[Misfit]:
        """A name that stands there twice."""
        yield from repeated_names("papers", [paper.name for paper in self.papers])


def read_references(path: str) -> dict[str, Reference]:
    """The references of a file by the names that claims give them.

    Raises ValueError listing everything in it that is not a `Reference`.
    """
    document = read_yaml(path)
    faults = check_document(document, _References)
    if faults:
        raise ValueError(f"{path} cannot be used:\n  " + "\n  ".join(faults))
    found = TypeAdapter(_References).validate_python(document)
    return {paper.name: paper for paper in found.papers}

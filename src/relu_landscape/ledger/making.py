"""What a run made for a claim: its figures, and the command that makes its tables again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.studies.declarations import declared_figures

__all__ = ["Making"]


@dataclass(frozen=True)
class Making:
    """A run, as far as its page of verdicts speaks of it.

    Attributes:
        profile: name of its config.
        tables: paths of its tables by name.
        page: path of the page.
        figures: names of the figures that it draws.
        levels: at which level each claim of a ledger that compares samples is tested.
    """

    profile: str
    tables: Mapping[str, str]
    page: str
    figures: Sequence[str] = ()
    levels: Mapping[Ledger, float] = field(default_factory=dict)

    def figures_of(self, claim: Judgement) -> list[str]:
        """The figures that are drawn from a table that the tests of a claim read."""
        figures, read = declared_figures(), set(claim.reads) & set(self.tables)
        return [name for name in self.figures if read & set(figures[name].inputs)]

    def command_for(self, claim: Judgement) -> str:
        """What computes the tables of a claim, where they are not, and its verdict."""
        return self._command([self.tables[name] for name in claim.reads if name in self.tables])

    @property
    def command(self) -> str:
        """What computes all verdicts, and what they need."""
        return self._command([])

    def _command(self, tables: Sequence[str]) -> str:
        # Two dashes: --configfile takes several files.
        return (
            f"snakemake --cores all --configfile config/{self.profile}.yaml "
            f"-- {' '.join([*tables, self.page])}"
        )

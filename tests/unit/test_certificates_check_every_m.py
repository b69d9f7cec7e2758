"""The checker of certificates for every m: its formulas, its statements, what it refuses."""

import pytest
from flint import ctx

from helpers_check_every_m import COMPARISONS
from relu_landscape.certificates import check_every_m


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda x: x.__name__)
def test_formulas_and_files(comparison, monkeypatch):
    monkeypatch.setattr(ctx, "prec", 128)
    comparison(check_every_m)

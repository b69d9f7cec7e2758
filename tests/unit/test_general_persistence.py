"""Minima that persist near orthonormal teachers: table and figure."""

import json

import pandas as pd

from helpers_figures import assert_readable
from relu_landscape.certificates.records import Proofs
from relu_landscape.general_teachers.persisting import prove_persistence
from relu_landscape.general_teachers.settings import PersistentFamily, PersistingMinima
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.tables.frames import make_table

COLUMNS = [
    *("family", "second_block", "k", "gram_radius", "radius_steepest", "radius_random_least"),
    *("radius_random_median", "d_half", "d_99", "d_999", "checked"),
]


def rows(*changed):
    frame = pd.DataFrame(
        [
            ("II", 1, 6, 0.003, 0.008, 0.03, 0.04, 6_000_000, 9_000_000, 11_000_000, True),
            ("II", 1, 8, 0.02, 0.13, 0.7, 1.0, 200_000, 300_000, 370_000, True),
            ("A", 0, 8, 0.02, 0.42, 0.6, 0.7, 180_000, 280_000, 320_000, True),
        ],
        columns=COLUMNS,
    )
    for place, column, value in changed:
        frame.loc[place, column] = value
    return frame


def test_a_row_says_what_the_line_proves_and_what_is_seen():
    settings = PersistingMinima(
        families=[PersistentFamily(family="A", block=0, teachers=[6])], draws=1, seed=5
    )
    proofs = Proofs()
    prove_persistence(proofs, settings.families[0], 6, settings)
    make_table(proofs.records, "general_persistence")
    (row,), fields = proofs.records, json.loads(proofs.lines[0])
    assert row["checked"]
    assert row["line"] == 1
    assert 0 < row["gram_radius"] < row["radius_steepest"] < row["radius_random_least"]
    assert row["gram_radius"] == float(fields["gram_radius"])
    assert [row["d_half"], row["d_99"], row["d_999"]] == [x["d"] for x in fields["inputs"]]


def test_the_figure_can_be_read():
    widest = rows(*((place, "gram_radius", 0.019999) for place in (1, 2)))
    plot = draw_figure("general_persistence", {"general_persistence": widest})
    plot.figure.draw_without_rendering()
    assert_readable(plot)
    assert plot.finding.startswith("All teachers whose Gram matrix is within 0.0199 of I have")
    assert "d = 320,000 on" in plot.finding
    unproved = rows(*((place, "gram_radius", None) for place in range(3)))
    none = draw_figure("general_persistence", {"general_persistence": unproved})
    assert none.finding == "No radius is proved."
    draw_figure("general_persistence", {"general_persistence": rows().iloc[:0]})

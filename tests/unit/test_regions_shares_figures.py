"""Figures of counted regions, widths, zero loss, volume and one neuron."""

from functools import cache

import pytest

from helpers_figures import assert_readable, assert_says_there_are_no_runs, layouts, save
from helpers_rows import frame_of, table_of
from relu_landscape.activation_regions.illustrations import (
    function_space_rows,
    point_rows,
    sector_rows,
)
from relu_landscape.activation_regions.one_dimensional_records import find_widths, measure_curves
from relu_landscape.activation_regions.region_shares import count_shares
from relu_landscape.activation_regions.settings import (
    CountedNetworks,
    CurvesOnALine,
    DrawnRegions,
    Volume,
    WidthsOnALine,
)
from relu_landscape.activation_regions.volume import measure_volume
from relu_landscape.activation_regions.zero_loss_shares import measure_shares
from relu_landscape.studies.declarations import draw_figure

FIGURES = {
    "region_shares": ["region_shares"],
    "one_dimensional_widths": ["one_dimensional_probabilities", "one_dimensional_widths"],
    "zero_loss_shares": ["zero_loss_shares"],
    "volume_shares": ["volume_shares"],
    "one_neuron": ["illustrated_sectors", "illustrated_points", "illustrated_functions"],
}
STUDIES = ("many", "one")


def _shares(sizes, data_sets):
    return count_shares(
        [
            CountedNetworks(
                patterns=("regions",),
                data=("normal",),
                n=(n,),
                d0=(2,),
                d1=(d1,),
                data_sets=data_sets,
            )
            for n, d1 in sizes
        ],
        seed=1,
    )


def _zero(cells):
    return measure_shares(
        [
            DrawnRegions(
                regions=(law,),
                targets=("random", "polynomial", "teacher"),
                n=(n,),
                d1=(d1,),
                draws=4,
            )
            for law, n, d1 in cells
        ],
        confidence=0.99,
        seed=1,
    )


def _volume(cells):
    networks = [
        {"data": [data], "n": [n], "d0": [d0], "d1": [2, 3], "data_sets": 2}
        for data, n, d0 in cells
    ]
    return measure_volume(Volume.model_validate({"cells": networks, "samples": 50, "seed": 1}))


def _neuron(points, lines):
    return {
        "illustrated_sectors": [row for X in points for row in sector_rows(X)],
        "illustrated_points": [row for X in points for row in point_rows(X)],
        "illustrated_functions": [row for x in lines for row in function_space_rows(x)],
    }


@cache
def tables_of(study):
    many = study == "many"
    sizes = (10, 50) if many else (10,)
    curves = CurvesOnALine(sizes=sizes, widths=6, draws=60, confidence=0.99, seed=1)
    points = [[[3, 1], [1, 2], [-1, 1]], [[2, 1], [-1, 2]]]
    tables = {
        "region_shares": _shares([(n, d) for n in (4, 5, 6) for d in (2, 3, 4)], 5)
        if many
        else _shares([(3, 2)], 1),
        "one_dimensional_widths": find_widths(WidthsOnALine(sizes=sizes, levels=(0.5, 0.9))),
        "one_dimensional_probabilities": measure_curves(curves),
        "zero_loss_shares": _zero(
            [("uniform", n, d) for n, d in ((3, 6), (5, 15), (5, 94), (12, 36), (20, 160))]
            + [("initial", n, d) for n, d in ((5, 40), (10, 100), (12, 300))]
            if many
            else [("uniform", 3, 6)]
        ),
        "volume_shares": _volume(
            [("line", 3, 2), ("line", 4, 2), ("normal", 5, 2), ("normal", 4, 3)]
            if many
            else [("line", 3, 2)]
        ),
        **_neuron(points if many else points[1:], [[0, 1, 3], [0, 1, 2, 4]][: 1 + many]),
    }
    return {name: frame_of(rows) for name, rows in tables.items()}


@cache
def plot_of(name, study):
    """The figure, laid out; tests only read it."""
    plot = draw_figure(name, tables_of(study))
    plot.figure.draw_without_rendering()
    return plot


@pytest.mark.parametrize(("name", "study"), layouts(FIGURES, *STUDIES))
def test_figures_can_be_read(name, study):
    assert_readable(plot_of(name, study))


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    empty = {table: table_of(table, []) for table in FIGURES[name]}
    assert_says_there_are_no_runs(draw_figure(name, empty), plot_of(name, "one"))


@pytest.mark.slow
def test_saved_figures_are_the_same_bytes_twice(tmp_path):
    first, second = (
        save(draw_figure("one_neuron", tables_of("many")), tmp_path / name)
        for name in ("first", "second")
    )
    assert first == second


@pytest.mark.slow
def test_the_numbers_behind_the_figures():
    counted = plot_of("region_shares", "one").data
    assert counted["networks"].tolist() == ["36"]
    widths = plot_of("one_dimensional_widths", "many").data
    half = widths[(widths["panel"] == "width") & (widths["n"] == 50)]
    assert sorted(half["d1"]) == [103, 213]
    zonotope = plot_of("one_neuron", "many").data
    assert (zonotope["panel"] == "zonotope").sum() == 6

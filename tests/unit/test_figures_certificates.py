from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers_figures import (
    assert_readable,
    assert_says_there_are_no_runs,
    save,
    texts_on_texts,
    words,
)
from helpers_rows import tables_of
from helpers_tables import GLOBAL_EIGENVALUE
from relu_landscape.figures.style import NONE_FOUND, rows_with
from relu_landscape.studies.certificates.figures.families import (
    AS_AT_A_SADDLE,
    UNDECIDED,
)
from relu_landscape.studies.certificates.figures.inequalities import QUANTITIES
from relu_landscape.studies.declarations import draw_figure

NEEDS = {
    "proof_times": ["proof_times"],
    "proved_families": ["certified_families"],
    "proved_inequalities": ["certified_inequalities"],
    "proved_minima": ["certified_classes", "certified_pairs", "curvature"],
}
FIGURES = list(NEEDS)
TABLES = [name for names in NEEDS.values() for name in names]
PAIRS = [(k, k) for k in range(6, 21)] + [(k, k + 1) for k in range(8, 19)]


def proof(loss, hessian, proved=True):
    """The columns that all tables of minima share."""
    bounds = {
        "loss_lower": loss,
        "loss_upper": loss + 1e-12,
        "hessian_lower": hessian,
        "orthogonal_hessian_lower": 0.09,
        "box_radius": 1e-10,
        "location_radius": 1e-14,
        "norm_sum_upper": 5.9,
        "norm_sum_below_k": "proved",
    }
    return (bounds if proved else dict.fromkeys(bounds)) | {
        "proved": proved,
        "reason": None if proved else "not_positive_definite",
        "splits": 6,
        "splits_proved": 6 if proved else 0,
        "line": int(proved),
    }


def class_row(k, n, class_id, proved=True):
    loss = 0.012 * class_id + 0.002 * k / (1 + n - k)
    hessian = 0.004 * (k - 5) ** 0.8 / (class_id + 5 * (n - k))
    names = {"k": k, "n": n, "class_id": class_id, "method": "all_weights", "file": "k5-9.jsonl"}
    return names | proof(loss, hessian, proved)


def curvature_row(k, n, class_id, kind):
    return {"k": k, "n": n, "class_id": class_id, "kind": kind}


def pair_row(k, n, proved=True):
    row = class_row(k, n, 1, proved=proved)
    del row["method"], row["class_id"], row["file"]
    return row | {"start": "class 1 of the main study"}


def family_row(family, m, extra, k, proved=True):
    hessian = (GLOBAL_EIGENVALUE - 0.01 * extra) * (1 - (1 + 0.2 * m) / k**0.5)
    names = {"family": family, "m": m, "extra": extra, "k": k}
    return names | proof(0.3 / k, hessian, proved)


def inequality_row(quantity, n, k, epsilon, proved=True):
    sizes = dict(zip(QUANTITIES, (-0.2, 0.1, 0.15, 0.3, -0.01), strict=True))
    return {
        "quantity": quantity,
        "point": f"n={n} k={k} epsilon={epsilon}",
        "n": n,
        "k": k,
        "d": k,
        "share": 0.5,
        "epsilon": epsilon,
        "proved": proved,
        "upper": sizes[quantity] * epsilon ** QUANTITIES[quantity].order / k if proved else None,
        "distance_upper": 1.5 * epsilon if proved else None,
        "line": int(proved),
    }


def many_cases():
    teachers = [*range(6, 21)]
    classes = [class_row(k, k, p) for k in teachers for p in range(1, 2 + k // 5)]
    classes += [class_row(k, k + 1, p) for k in teachers[2:] for p in range(1, 1 + k // 6)]
    classes += [class_row(k, k, 9, proved=False) for k in (7, 15, 16, 17)]
    classes += [class_row(16, 17, p, proved=False) for p in range(10, 24)]
    classes += [class_row(18, 19, 10, proved=False)]
    kinds = [curvature_row(18, 19, 10, "saddle"), curvature_row(7, 7, 9, "undecided")]
    far = [6, 8, 12, 20, 50, 100, 1000, 10**4, 10**6]
    families = [family_row("II", m, 0, k) for m in (1, 2, 3, 4) for k in far[m - 1 :]]
    families += [family_row("II", 1, 1, k) for k in far[1:]]
    families += [family_row("A", 0, 1, k, proved=False) for k in (8, 12)]
    families += [family_row("A", 0, 0, k, proved=k < 20) for k in far]
    families += [family_row("I", 1, 0, k, proved=k > 12) for k in far]
    return {
        "certified_classes": classes,
        "curvature": kinds,
        "certified_pairs": [pair_row(k, n, proved=(k, n) != (19, 19)) for k, n in PAIRS],
        "certified_families": families,
        "certified_inequalities": [
            inequality_row(quantity, n, k, 10.0**-power, proved=power < 11)
            for quantity in QUANTITIES
            for n, k in ((3, 2), (7, 6))
            for power in range(1, 12, 2)
        ],
        "proof_times": [
            *(time_row("all_weights", k, 1e-8 * k**6) for k in range(6, 25, 2)),
            *(time_row("symmetry", 10**power, 0.04) for power in range(1, 9)),
        ],
    }


def one_case():
    return {
        "certified_classes": [class_row(6, 6, 1)],
        "curvature": [curvature_row(6, 6, 1, "spurious_minimum")],
        "certified_pairs": [pair_row(6, 6)],
        "certified_families": [family_row("II", 1, 0, 6)],
        "certified_inequalities": [inequality_row("hessian_form", 3, 2, 1e-3)],
        "proof_times": [time_row("symmetry", 6, 0.04)],
    }


def time_row(method, k, seconds):
    return {
        "method": method,
        "k": k,
        "prove_seconds": seconds,
        "check_seconds": 2 * seconds,
    }


STUDIES = {
    "many": tables_of(**many_cases()),
    "one": tables_of(**one_case()),
    "none": tables_of(**{name: [] for name in TABLES}),
}
LAYOUTS = [(name, study) for name in FIGURES for study in ("many", "one")]


def draw(name, tables):
    return draw_figure(name, tables)


def draw_with(name, **records):
    """The figure of the study of one case with other rows in some tables."""
    return draw(name, STUDIES["one"] | tables_of(**records))


@cache
def plot_of(name, study):
    """The figure of one synthetic study, laid out; tests only read it."""
    plot = draw(name, STUDIES[study])
    plot.figure.draw_without_rendering()
    return plot


def crosses(plot):
    """Places in k of all crosses."""
    lines = [line for axes in plot.figure.axes for line in axes.lines if line.get_marker() == "x"]
    return sorted(int(k) for line in lines for k in line.get_xdata())


def heights(lines):
    """Heights of all marks of these lines, in pixels."""
    places = [line.get_transform().transform(line.get_xydata()) for line in lines]
    return np.concatenate(places)[:, 1]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "study"), LAYOUTS)
def test_figures_can_be_read(name, study):
    assert_readable(plot_of(name, study))


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    assert_says_there_are_no_runs(draw(name, STUDIES["none"]), plot_of(name, "one"))


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("proved_families", {"certified_families": [family_row("A", 0, 0, 9, proved=False)]}),
        (
            "proved_inequalities",
            {"certified_inequalities": [inequality_row("pl_ratio", 3, 2, 0.1, proved=False)]},
        ),
        (
            "proved_minima",
            {"certified_classes": [], "certified_pairs": [pair_row(6, 6, proved=False)]},
        ),
    ],
)
def test_where_nothing_was_proved_that_is_said(name, records):
    plot = draw_with(name, **records)
    assert words(plot.figure) == [NONE_FOUND]
    assert list(plot.data.columns) == list(plot_of(name, "one").data.columns)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_need_no_other_tables(name):
    given = {table: STUDIES["many"][table] for table in NEEDS[name]}
    pd.testing.assert_frame_equal(draw(name, given).data, plot_of(name, "many").data)


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_saved_figures_are_the_same_bytes_twice(name, tmp_path):
    first = save(draw(name, STUDIES["many"]), tmp_path / "first")
    second = save(draw(name, STUDIES["many"]), tmp_path / "second")
    assert first == second


def test_the_numbers_of_the_minima_are_all_proved_classes():
    classes = STUDIES["many"]["certified_classes"]
    data = plot_of("proved_minima", "many").data
    assert len(data) == classes["proved"].sum()
    assert (data["loss_lower"] > 0).all()
    assert not data.isna().any(axis=None)


def test_unproved_classes_are_counted_and_saddles_are_not():
    plot = plot_of("proved_minima", "many")
    assert crosses(plot) == [7, 15, 16, 17, 19]
    assert [text.get_text() for text in plot.figure.axes[0].texts] == ["1", "1", "15", "1"]
    legend = words(plot.figure)
    assert {"classes not proved, number", "pair not proved", "proved, n = k + 1"} <= set(legend)
    assert "pair not proved" not in words(plot_of("proved_minima", "one").figure)


def test_crosses_stand_below_every_bound():
    axes = plot_of("proved_minima", "many").figure.axes[0]
    marks = [line for line in axes.lines if line.get_marker() not in ("x", "None")]
    missing = [line for line in axes.lines if line.get_marker() == "x"]
    assert 0 < heights(missing).max() < heights(marks).min()
    assert heights(marks).max() < axes.bbox.y1


def test_pairs_alone_are_drawn():
    plot = draw_with("proved_minima", certified_classes=[])
    assert plot.data.empty
    assert "pair (k, n) of the 2018 theorem" in words(plot.figure)


@pytest.mark.parametrize("quantity", ["hessian_lower", "loss_lower"])
@pytest.mark.parametrize("study", ["many", "one"])
def test_every_proved_minimum_lies_in_its_panel(study, quantity):
    plot = plot_of("proved_minima", study)
    low, high = plot.figure.axes[["hessian_lower", "loss_lower"].index(quantity)].get_ylim()
    assert plot.data[quantity].between(low, high).all()


def test_a_wide_range_of_bounds_is_named_by_powers_of_ten():
    flat = class_row(6, 6, 1) | {"hessian_lower": 1e-6}
    plot = draw_with("proved_minima", certified_classes=[flat, class_row(7, 7, 1)])
    plot.figure.draw_without_rendering()
    assert any("10^{" in text for text in words(plot.figure))
    assert texts_on_texts(plot.figure) == []


def test_every_family_is_a_row_and_a_line_of_its_own():
    plot = plot_of("proved_families", "many")
    bounds, rows = plot.figure.axes
    names = ["A", "I₁", "II₁", "II₂", "II₃", "II₄", "A + 1", "II₁ + 1"]
    assert [label.get_text() for label in rows.get_yticklabels()] == names
    failing = plot.data[~plot.data["proved"]]
    assert crosses(plot) == sorted(failing["k"])
    looks = [
        (line.get_color(), line.get_marker(), line.get_linestyle(), line.get_fillstyle())
        for line in bounds.lines
        if line.get_marker() != "None"
    ]
    assert len(set(looks)) == len(looks) == len(names)
    assert bounds.get_xscale() == bounds.get_yscale() == "log"
    assert [text.get_text() for text in bounds.texts] == ["II₁ + 1"]


def test_lines_of_more_students_that_end_together_have_one_label():
    further = [family_row("I", 1, 1, 10**6), family_row("II", 1, 1, 10**6)]
    apart = family_row("II", 2, 1, 10**6) | {"hessian_lower": 1e-4}
    plot = draw_with("proved_families", certified_families=[*further, apart])
    labels = [text.get_text() for text in plot.figure.axes[0].texts]
    assert labels == ["II₂ + 1", "I₁ + 1, II₁ + 1"]


def test_points_as_at_a_saddle_have_another_cross_than_those_not_decided():
    rows = [
        family_row("A", 0, 0, 9),
        family_row("A", 0, 0, 10, proved=False),
        family_row("A", 0, 0, 11, proved=False) | {"reason": "box_too_wide"},
    ]
    plot = draw_with("proved_families", certified_families=rows)
    lines = plot.figure.axes[1].lines
    places = {line.get_marker(): [*line.get_xdata()] for line in lines if len(line.get_xdata())}
    assert places == {"o": [9], "x": [10], "P": [11]}
    assert {AS_AT_A_SADDLE, UNDECIDED} <= set(words(plot.figure))
    assert UNDECIDED not in words(plot_of("proved_families", "many").figure)
    assert plot.finding == (
        "1 of 3 symmetric critical points, k up to 9, are proved spurious minima; at 1 the Hessian "
        "is not positive definite, as at a saddle; 1 could not be decided."
    )


def test_sizes_are_those_of_the_proved_bounds():
    data = plot_of("proved_inequalities", "many").data
    assert len(data) == STUDIES["many"]["certified_inequalities"]["proved"].sum()
    gaps = rows_with(data, quantity="conjecture12_gap")
    np.testing.assert_allclose(gaps["scaled"], -gaps["upper"] / gaps["epsilon"] ** 3)
    others = data.drop(gaps.index)
    np.testing.assert_allclose(others["scaled"], others["upper"].abs() / others["epsilon"])
    assert (gaps["upper"] < 0).all()


def test_each_quantity_has_a_panel_with_the_bound_that_all_points_keep_to():
    plot = plot_of("proved_inequalities", "many")
    assert len(plot.figure.axes) == len(QUANTITIES)
    titles = [axes.get_title("left") for axes in plot.figure.axes]
    # The bounds are -0.2 epsilon / k and 0.3 epsilon / k at k = 2 and 6.
    assert titles[0].endswith("≤ −0.033 ε")
    assert titles[3] == "PL quotient\n≤ 0.15 ε"
    assert "curvature of at most −0.033 ε" in plot.finding
    for axes in plot.figure.axes:
        low, high = axes.get_ylim()
        heights = np.concatenate([line.get_ydata() for line in axes.lines])
        assert ((heights > low) & (heights < high)).all()
    assert len(plot_of("proved_inequalities", "one").figure.axes) == 1


def test_what_is_proved_is_counted_in_the_findings():
    classes = STUDIES["many"]["certified_classes"]
    # One class is a saddle.
    assert plot_of("proved_minima", "many").finding.startswith(
        f"{classes['proved'].sum()} of {len(classes) - 1} classes of spurious minima and 25 of 26 "
    )


def test_times_are_those_at_the_largest_k_of_each_method():
    assert plot_of("proof_times", "many").finding == (
        "Proving II₁ a spurious minimum takes 1.9 s at k = 24 from all weights and 0.04 s at "
        "k = 100,000,000 through the symmetry."
    )
    assert "all weights" not in plot_of("proof_times", "one").finding

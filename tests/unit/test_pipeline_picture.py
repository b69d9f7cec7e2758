"""The picture of the pipeline: what waits for what, and that it can be read."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from helpers_tables import ROOT
from relu_landscape.evidence.pipeline_picture import (
    draw_pipeline,
    rules_of_studies,
    rules_that_wait,
)
from relu_landscape.evidence.plans import PlannedJob

SVG = "{http://www.w3.org/2000/svg}"
JOBS = [
    PlannedJob("run_restarts/a"),
    PlannedJob("run_restarts/b"),
    PlannedJob("collect/restarts", needs=(0, 1)),
    PlannedJob("classify_minima/a", needs=(0,)),
    PlannedJob("measure_curvature/a", needs=(2, 3)),
    PlannedJob("certify_classes/a", needs=(3, 0)),
    PlannedJob("collect/curvature", needs=(4,)),
    PlannedJob("plot_figure/rates", needs=(2, 6, 5)),
    PlannedJob("write_report", needs=(7, 4)),
]
GRAPH = {
    "run_restarts": frozenset(),
    "classify_minima": frozenset({"run_restarts"}),
    "measure_curvature": frozenset({"classify_minima"}),
    "certify_classes": frozenset({"classify_minima"}),
    "plot_figure": frozenset({"measure_curvature", "certify_classes"}),
    "write_report": frozenset({"plot_figure"}),
}


@pytest.fixture(scope="module")
def picture():
    studies = rules_of_studies(ROOT / "workflow/rules")
    return ElementTree.fromstring(draw_pipeline(GRAPH, studies))


def test_what_follows_from_the_rest_and_collecting_are_left_out():
    assert rules_that_wait(JOBS) == GRAPH


def test_a_circle_is_refused():
    circle = [PlannedJob("a", needs=(1,)), PlannedJob("b", needs=(0,))]
    with pytest.raises(ValueError, match="cycle"):
        rules_that_wait(circle)


def test_the_study_of_a_rule_is_its_rules_file():
    studies = rules_of_studies(ROOT / "workflow/rules")
    assert studies["run_restarts"] == "safran"
    assert studies["plot_figure"] == "evidence"


def test_text_is_text_and_described(picture):
    shown = [text.text for text in picture.iter(f"{SVG}text")]
    for rule in GRAPH:
        assert shown.count(rule.replace("_", " ")) == 1
    assert {"safran", "certificates"} <= set(shown)
    assert picture.find(f"{SVG}title").text.startswith("The pipeline: 6 rules of 2 studies")
    described = picture.find(f"{SVG}desc").text
    assert "safran: run restarts, classify minima, measure curvature;" in described


def test_boxes_stand_apart_and_hold_their_text(picture):
    boxes = [
        tuple(float(box.get(key)) for key in ("x", "y", "width", "height"))
        for box in picture.iter(f"{SVG}rect")
        if box.get("class") in {"rule", "made"}
    ]
    assert len(boxes) == len(GRAPH)
    for (x, y, width, height), (u, v, w, h) in combinations(boxes, 2):
        assert x + width <= u or u + w <= x or y + height <= v or v + h <= y
    longest = max(rules_of_studies(ROOT / "workflow/rules"), key=len)
    assert len(longest) * 7 < max(width for _, _, width, _ in boxes)


def test_an_arrow_leads_to_each_rule_that_waits(picture):
    tips = [path for path in picture.iter(f"{SVG}path") if path.get("marker-end")]
    from_the_studies = 1
    assert len(tips) == from_the_studies + 2 + 1 + 1
    (across,) = (path for path in tips if path.get("class") == "across")
    assert across is not None


def test_any_number_of_studies_is_drawn_those_that_wait_for_each_other_as_neighbours():
    # Named so that neighbours by name wait for none of each other, on more than three rows.
    chain = [f"study_{(7 * place) % 11}" for place in range(11)]
    graph = {chain[0]: frozenset()} | {
        after: frozenset({before}) for before, after in pairwise(chain)
    }
    picture = ElementTree.fromstring(draw_pipeline(graph, {name: name for name in chain}))
    places = {
        text.text: (float(text.get("x")), float(text.get("y")))
        for text in picture.iter(f"{SVG}text")
        if text.get("class") is None
    }
    boxes = [places[name.replace("_", " ")] for name in chain]
    far = [abs(x - u) > 300 or abs(y - v) > 100 for (x, y), (u, v) in pairwise(boxes)]
    assert sum(far) <= 2

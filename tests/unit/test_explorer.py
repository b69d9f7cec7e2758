"""The explorer's page: its data, its bundle, and F as the page computes it."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer_pages import reference_points
from relu_landscape.catalogue.critical_points import WeightsByBlock
from relu_landscape.explorer.compact import as_columns, rounded
from relu_landscape.explorer.evidence_rows import MOST_OF_A_SIZE, MOST_ROWS, EvidenceRows
from relu_landscape.explorer.explorer_data import (
    SplitRecipe,
    explorer_data,
    read_judgements,
    tables_named,
)
from relu_landscape.explorer.explorer_page import explorer_page
from relu_landscape.explorer.representative_order import representative_order
from relu_landscape.families.critical_point import symmetric_critical_point
from relu_landscape.fewer_students import copy_average_point
from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.judgements import Judgement
from relu_landscape.ledger.making import Making
from relu_landscape.ledger.report import render_json
from relu_landscape.minima.settings import Splitting
from relu_landscape.minima.splitting import Push, descent_starts, split_neuron
from relu_landscape.search.protocol import PROTOCOLS
from relu_landscape.symmetry.recognition import recognise_isotropy

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "explorer"
BUILT = ROOT / "src/relu_landscape/explorer"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
needs_packages = pytest.mark.skipif(
    not (SOURCES / "node_modules/esbuild").exists(), reason="needs esbuild: make explorer"
)
SPLITTING = Splitting(
    largest_k=9,
    alphas=[0.5],
    displacement=0.01,
    asymmetry=1e-3,
    seed=4,
    global_loss=1e-6,
    global_distance=0.05,
    iteration_budget=100_000,
    protocol="safran2018",
)
RECIPE = SplitRecipe(SPLITTING, PROTOCOLS["safran2018"], 1e-5)


@pytest.fixture(scope="module")
def point():
    """II_1 at k = 6, its neurons and inputs in another order."""
    generator = np.random.default_rng(3)
    W = symmetric_critical_point("II", 6, m=1).weights()
    return W[generator.permutation(6)][:, generator.permutation(6)]


def judgement(**changes):
    fields = {
        "ledger": Ledger.PAPERS,
        "id": "small[k=6]",
        "claim": "small",
        "paper": "Small 2021",
        "where": "p. 1",
        "statement": "F </script> is small.",
        "kind": "number",
        "source": "paper",
        "case": {"k": 6},
        "verdict": Verdict.DEVIATES,
        "found": 0.123456789123,
        "interval": None,
        "sample_size": None,
        "proved": None,
        "listed": "",
        "expected": 1,
        "evidence": "tables/classes.parquet: k=6",
        "note": "",
        "would_decide": "",
        "test": "small_loss",
        "study": "safran",
        "reads": ("classes",),
    }
    return Judgement(**{**fields, **changes})


def entry(point):
    found = recognise_isotropy(point)
    weights = WeightsByBlock.of_parameters(found.space, found.parameters)
    fields = ("blocks", "extra", "own", "rest")
    return {
        "id": "k6-n6-S5-0.025081",
        "kind": "class",
        "k": 6,
        "n": 6,
        "slope": 0.0,
        "class_id": 0,
        "loss": 0.02508058112345678,
        "weights": {name: getattr(weights, name) for name in fields},
        "certificate": {"file": "certificates/k5-9.jsonl", "line": 1, "says": "A minimum."},
        "spectrum": [{"eigenvalue": 0.123456789123, "multiplicity": 36, "irrep": None}],
        "runs": [],
        "splits": [
            {
                "row": 0,
                "alpha": 0.5,
                "sign": 1,
                "landing": "global",
                "entry": None,
                "loss": 9.9e-7,
            }
        ],
        "pieces": [],
        "series": [],
    }


@pytest.fixture(scope="module")
def data(point):
    making = Making("small", {"classes": "results/small/tables/classes.parquet"}, "claims.html")
    frame = pd.DataFrame({"k": [5, 6], "loss": [0.0, 0.0250805811234]})
    return explorer_data(
        making, [entry(point)], {"k6-n6": point[None]}, [judgement()], {"classes": frame}, RECIPE
    )


def records(columns):
    return [dict(zip(columns["columns"], row, strict=True)) for row in columns["rows"]]


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text of that with the data."""

    def __init__(self, page):
        super().__init__()
        self.found, self.data, self.within = [], "", None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.within = dict(attrs).get("id")

    def handle_data(self, data):
        if self.within == "data":
            self.data += data


def test_a_page_holds_its_data_and_asks_for_nothing(data):
    page = explorer_page(data)
    elements = Elements(page)
    assert json.loads(elements.data) == json.loads(json.dumps(data))
    names = [tag for tag, _ in elements.found]
    assert names.count("script") == 2
    assert not {"link", "img", "iframe", "base"}.intersection(names)
    assert not [attrs for _, attrs in elements.found if {"src", "href"}.intersection(attrs)]
    assert not re.search(r"url\((?!#)|@import|\bfetch\(|XMLHttpRequest|WebSocket", page)


def test_the_bundle_is_that_of_the_sources():
    """Without Node, from what the build has noted."""
    names = [f"src/{path.name}" for path in sorted((SOURCES / "src").iterdir())]
    digest = hashlib.sha256()
    for name in [*names, "build.mjs", "package-lock.json"]:
        digest.update(name.encode() + b"\0" + (SOURCES / name).read_bytes() + b"\0")
    bundle = (BUILT / "bundle.js").read_text(encoding="utf-8")
    assert f"sources: {digest.hexdigest()};" in bundle, "make explorer"


@needs_node
@needs_packages
@pytest.mark.slow
def test_the_bundle_is_built_again_as_it_is(tmp_path):
    subprocess.run(["node", SOURCES / "build.mjs", tmp_path], check=True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (BUILT / path.name).read_bytes(), "make explorer"
    assert {path.name for path in tmp_path.iterdir()} == {"bundle.js", "bundle.css", "LICENCES.txt"}


def test_licences_of_what_is_bundled_come_with_it():
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = (BUILT / "LICENCES.txt").read_text(encoding="utf-8")
    bundled = [name for name, one in lock.items() if name and not one.get("dev")]
    for name in ("@observablehq/plot", "d3-scale", "d3-selection"):
        version = lock[f"node_modules/{name}"]["version"]
        assert f"node_modules/{name}" in bundled
        assert f"{name} {version} (ISC)" in licences
    assert licences.count("Mike Bostock") > 10


NODE_PROGRAM = """
import {{ readFileSync }} from "node:fs";
import {{ gradient, hessian, loss }} from "{sources}/objective.js";
import {{ command }} from "{sources}/commands.js";
import {{ descentStart, splitNeuron }} from "{sources}/descent.js";
import {{ classSizes, inOrder, weightMatrix }} from "{sources}/weights.js";
const given = JSON.parse(readFileSync(0, "utf8"));
const points = given.points.map(({{ W, n, k }}) => {{
  const point = Float64Array.from(W);
  return [loss, gradient, hessian].map((one) => one(point, n, k));
}});
const {{ weights, order, aside }} = given;
const W = inOrder(weightMatrix(weights), order);
const starts = [1, -1].map((sign) =>
  descentStart(splitNeuron(W, 6, 6, 2, 0.1), 7, 6, {{ displacement: 0.01, aside, sign }}).start);
const plain = (key, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
const few = weightMatrix(given.few);
const classes = classSizes(given.few);
const commands = given.entries.map((entry) => command("smoke", entry));
console.log(JSON.stringify({{ points, starts, few, classes, commands }}, plain));
"""


@needs_node
def test_the_page_computes_what_the_library_does(tmp_path, data, point, capsys):
    """F and its derivatives to 1e-12; the starts of descents to the last bit; commands that run."""
    program = tmp_path / "program.mjs"
    program.write_text(NODE_PROGRAM.format(sources=(SOURCES / "src").as_uri()), encoding="utf-8")
    expected = reference_points(5, ((4, 4), (7, 6), (12, 11)))
    entries = [
        {"kind": "class", "k": 6, "n": 7},
        {"kind": "family_point", "family": "II_1", "k": 8, "n": 9},
        {"kind": "family_point", "family": "A", "k": 8, "n": 8},
    ]
    few = copy_average_point(8, 4)
    by_block = WeightsByBlock.of_parameters(few.space, few.parameters)
    given = {
        "few": asdict(by_block),
        "points": expected,
        "entries": entries,
        "weights": entry(point)["weights"],
        "order": data["orders"]["k6-n6-S5-0.025081"],
        "aside": data["descent"]["asides"]["k6-n7"],
    }
    run = subprocess.run(
        ["node", program],
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = json.loads(run.stdout)
    for (loss, gradient, hessian), one in zip(found["points"], expected, strict=True):
        np.testing.assert_allclose(loss, one["loss"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(gradient, one["gradient"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(hessian, one["hessian"], rtol=0, atol=1e-12)
    push = Push(SPLITTING.displacement, SPLITTING.asymmetry, SPLITTING.seed)
    starts = descent_starts(split_neuron(point, 2, 0.1), np.eye(6), push)
    np.testing.assert_array_equal(found["starts"], starts.reshape(2, -1))
    assert (found["few"]["n"], found["few"]["k"], found["classes"]) == (4, 8, [3, 1])
    np.testing.assert_array_equal(np.reshape(found["few"]["W"], (4, 8)), few.weights())
    show, *solve = found["commands"]
    assert show == "python -m relu_landscape show k6-n7 --results results/smoke"
    solutions = (symmetric_critical_point("II", 8, m=1, extra=1), symmetric_critical_point("A", 8))
    for text, solution in zip(solve, solutions, strict=True):
        python, option, code = shlex.split(text)
        assert (python, option) == ("python", "-c")
        exec(code)
        loss, smallest = map(float, capsys.readouterr().out.split())
        assert (loss, smallest) == (solution.loss, solution.spectrum[0].value)


def test_an_order_leads_from_blocks_to_the_representative(point):
    found = recognise_isotropy(point)
    blocks = WeightsByBlock.of_parameters(found.space, found.parameters).matrix()
    order = representative_order(point)
    again = blocks[np.ix_(order["rows"], order["columns"])]
    np.testing.assert_allclose(again, point, rtol=0, atol=1e-12)
    assert order["rows"] != sorted(order["rows"])


def test_what_is_computed_with_is_exact_and_the_rest_short(data):
    (found,) = records(data["entries"])
    assert found["loss"] == 0.02508058112345678
    assert found["spectrum"] == [[0.12345679, 36, None]]
    assert found["certificate"] == ["certificates/k5-9.jsonl", 1, 0]
    assert data["says"] == ["A minimum."]
    assert data["entries"]["nested"]["spectrum"] == ["eigenvalue", "multiplicity", "irrep"]


def test_points_at_other_slopes_are_not_on_the_page(point):
    making = Making("small", {}, "claims.html")
    one = entry(point)
    other = one | {"id": "II_1-k6-n6-s0.5", "kind": "leaky_point", "slope": 0.5}
    shown = explorer_data(making, [one, other], {"k6-n6": point[None]}, [], {}, RECIPE)
    assert [row["id"] for row in records(shown["entries"])] == [one["id"]]


def test_a_verdict_has_its_rows_its_figures_and_its_command(data):
    (case,) = records(data["cases"])
    assert case["found"] == 0.12345679
    assert case["evidence"] == [
        {"text": "tables/classes.parquet: k=6", "table": "classes", "rows": [1], "count": 1}
    ]
    assert data["tables"] == {"classes": {"columns": ["k", "loss"], "rows": {1: [6, 0.025080581]}}}
    claim = data["claims"]["small"]
    assert "results/small/tables/classes.parquet claims.html" in claim["command"]
    assert claim["figures"] == []


def test_a_run_without_classes_has_a_page():
    making = Making("small", {}, "claims.html")
    data = explorer_data(making, [], {}, [judgement(evidence="")], {}, RECIPE)
    assert data["descent"]["asides"] == {}
    assert records(data["cases"])[0]["evidence"] == []


@pytest.mark.parametrize(
    ("evidence", "rows"),
    [
        ("tables/points.parquet: n=2, point=witness: s=1/10, odd", [1]),
        ("tables/points.parquet: n=2", [0, 1]),
        ("tables/points.parquet: n=3", []),
        ("tables/points.parquet: share=0.3, ends=True", [2]),
    ],
)
def test_rows_are_those_that_the_evidence_selects(evidence, rows):
    points = pd.DataFrame(
        {
            "n": [2, 2, 4],
            "point": ["a", "witness: s=1/10, odd", None],
            "share": [0.1, np.nan, 0.3],
            "ends": [False, False, True],
        }
    )
    (piece,) = EvidenceRows({"points": points}).pieces(evidence)
    assert piece == {"text": evidence, "table": "points", "rows": rows, "count": len(rows)}


@pytest.mark.parametrize(
    "evidence",
    [
        "tables/points.parquet",
        "tables/curvature.parquet: k=6",
        "tables/points.parquet: loss",
        "tables/points.parquet: k=6",
        "certificates/k5-9.jsonl: line 3",
    ],
)
def test_evidence_that_selects_no_rows_stays_a_text(evidence):
    rows = EvidenceRows({"points": pd.DataFrame({"n": [1]})})
    assert rows.pieces(evidence) == [{"text": evidence}]
    assert rows.tables == {}


def test_of_many_rows_the_first_are_shown_and_all_are_counted():
    rows = EvidenceRows({"points": pd.DataFrame({"n": [1] * 50, "k": range(50)})})
    (piece,) = rows.pieces("tables/points.parquet: n=1")
    assert (len(piece["rows"]), piece["count"]) == (MOST_ROWS, 50)
    assert len(rows.tables["points"]["rows"]) == MOST_ROWS


SIZES = pd.DataFrame({"k": [5, 5, 13], "n": [5, 5, 13], "d": [5, 6, 13], "reached": [0, 1, 2]})


def test_rows_of_a_size_are_those_of_the_case_in_the_tables_of_the_evidence():
    later, plain = SIZES.tail(1), pd.DataFrame({"k": [5]})
    rows = EvidenceRows({"rates": SIZES, "other": SIZES, "later": later, "plain": plain})
    evidence = "tables/rates.parquet: k=13; tables/plain.parquet; tables/absent.parquet: k=1; "
    evidence += "tables/later.parquet"
    assert rows.by_size(evidence, {}) == {
        "k5-n5": {"table": "rates", "rows": [0, 1], "count": 2},
        "k13-n13": {"table": "rates", "rows": [2], "count": 1},
    }
    assert rows.by_size(evidence, {"d": 6, "family": "A"}) == {
        "k5-n5": {"table": "rates", "rows": [1], "count": 1}
    }
    assert set(rows.tables["rates"]["rows"]) == {0, 1, 2}
    assert "other" not in rows.tables


def test_of_many_rows_of_a_size_the_first_are_shown():
    rows = EvidenceRows({"rates": pd.DataFrame({"k": [5] * 50, "n": 5})})
    (found,) = rows.by_size("tables/rates.parquet", {}).values()
    assert (len(found["rows"]), found["count"]) == (MOST_OF_A_SIZE, 50)


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        ({"case": {}}, {"k13-n13", "k5-n5"}),
        ({"case": {}, "verdict": Verdict.CONSISTENT}, set()),
        ({"case": {"k": 5, "n": 5}}, set()),
    ],
)
def test_rows_come_size_by_size_where_a_verdict_on_several_sizes_fails(changes, sizes):
    making = Making("small", {}, "claims.html")
    failed = judgement(evidence="tables/rates.parquet: k=13", **changes)
    data = explorer_data(making, [], {}, [failed], {"rates": SIZES}, RECIPE)
    (case,) = records(data["cases"])
    assert set(case["sizes"]) == sizes


def test_only_tables_that_evidence_names_are_read():
    evidence = "tables/a.parquet: k=6; tables/b.parquet; certificates/c.jsonl: line=3"
    assert tables_named([judgement(evidence=evidence)]) == {"a", "b"}


def test_a_ledger_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "claims.json"
    path.write_text(render_json([judgement()]), encoding="utf-8")
    (read,) = read_judgements(path)
    assert render_json([read]) == render_json([judgement()])


def test_records_that_are_not_alike_are_refused():
    with pytest.raises(ValueError, match="record 1 has the keys b; those of the first are a"):
        as_columns([{"a": 1}, {"b": 1}])


def test_keys_of_nested_records_are_named_once():
    found = as_columns([{"a": {"b": 1}, "c": [{"d": 2}, {"e": 3}]}, {"a": None, "c": []}], "ac")
    assert found == {
        "columns": ["a", "c"],
        "nested": {"a": ["b"], "c": ["d", "e"]},
        "rows": [[[1], [[2, None], [None, 3]]], [None, []]],
    }


def test_numbers_that_json_lacks_become_none():
    assert rounded({"a": [np.float64(1 / 3), float("nan"), np.int64(3), "x"]}) == {
        "a": [0.33333333, None, 3, "x"]
    }

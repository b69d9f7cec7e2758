"""Results beside the published ones."""

import json

import pytest

from relu_landscape.__main__ import main
from relu_landscape.evidence.compare import Agreement, compare_results
from relu_landscape.evidence.documents import write_json

ROWS = "k,kind,loss\n6,minimum,0.0201234567890\n7,,0.0131\n"


def fill(folder, figures, profile="quick", verdict="reproduced"):
    figures.mkdir(parents=True)
    (figures / "levels.csv").write_text(ROWS, encoding="utf-8")
    (figures / "proof_times.csv").write_text("k,seconds\n6,0.1\n", encoding="utf-8")
    write_json(folder / "manifest.json", {"config": {"profile": profile}})
    claims = [{"id": "theorem_3", "verdict": verdict}]
    (folder / "claims.json").write_text(json.dumps(claims), encoding="utf-8")


@pytest.fixture
def folders(tmp_path):
    results, published = tmp_path / "results", tmp_path / "published"
    fill(results, results / "figures")
    fill(published, published)
    return results, published


def agreements(folders):
    return {row.name: (row.agreement, row.detail) for row in compare_results(*folders)}


def test_equal_results_agree(folders, capsys):
    assert agreements(folders) == {
        "config": (Agreement.SAME, ""),
        "levels": (Agreement.SAME, ""),
        "proof_times": (Agreement.NOT_COMPARED, "times of a machine"),
        "verdicts": (Agreement.SAME, ""),
    }
    assert main(["compare", *(str(folder) for folder in folders)]) == 0
    assert "All 4 agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "agreement", "detail"),
    [
        ("0.0201234567890", "0.0201234567891", Agreement.SAME, ""),
        ("0.0201234567890", "0.0201244567890", Agreement.DIFFERS, "loss in row 1"),
        ("0.0131", "", Agreement.DIFFERS, "loss in row 2"),
        ("minimum", "saddle", Agreement.DIFFERS, "kind in row 1"),
        ("7,", "8,", Agreement.DIFFERS, "k in row 2"),
        ("kind", "what", Agreement.DIFFERS, "columns k, what, loss, published k, kind, loss"),
        ("7,,0.0131\n", "", Agreement.DIFFERS, "1 rows, published 2"),
    ],
)
def test_a_change_is_seen(folders, old, new, agreement, detail):
    path = folders[0] / "figures/levels.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert agreements(folders)["levels"] == (agreement, detail)
    assert main(["compare", *(str(folder) for folder in folders)]) == (
        agreement is not Agreement.SAME
    )


def test_a_missing_figure_is_named(folders):
    (folders[0] / "figures/levels.csv").unlink()
    agreement, detail = agreements(folders)["levels"]
    assert agreement is Agreement.MISSING
    assert detail.endswith("levels.csv is not there")


@pytest.mark.parametrize(
    ("found", "detail"),
    [
        ([{"id": "theorem_3", "verdict": "refuted"}], "theorem_3: refuted, published reproduced"),
        ([], "theorem_3: no such claim, published reproduced"),
        (
            [{"id": name, "verdict": "reproduced"} for name in ("theorem_3", "theorem_4")],
            "theorem_4: not published",
        ),
    ],
)
def test_other_verdicts_are_named(folders, found, detail):
    (folders[0] / "claims.json").write_text(json.dumps(found), encoding="utf-8")
    assert agreements(folders)["verdicts"] == (Agreement.DIFFERS, detail)


@pytest.mark.parametrize(
    ("config", "detail"),
    [
        ({"profile": "quick", "searches": [{"name": "first", "runs": 2}]}, "searches.first.runs"),
        ({"profile": "quick", "searches": [{"name": "second", "runs": 1}]}, "searches.first.name"),
        ({"profile": "quick", "sizes": [1, 3]}, "sizes.1"),
        ({"profile": "quick", "other": 5}, "other"),
    ],
)
def test_another_config_is_named_by_its_keys(folders, config, detail):
    published = {"profile": "quick", "searches": [{"name": "first", "runs": 1}], "sizes": [1, 2]}
    write_json(folders[1] / "manifest.json", {"config": published})
    write_json(folders[0] / "manifest.json", {"config": published | config})
    agreement, differing = agreements(folders)["config"]
    assert agreement is Agreement.DIFFERS
    assert differing.startswith(detail)
    assert main(["compare", *(str(folder) for folder in folders)]) == 1


def test_what_cannot_be_compared_is_said(folders, tmp_path, capsys):
    other = tmp_path / "smoke"
    fill(other, other / "figures", profile="smoke")
    assert main(["compare", str(other), str(folders[1])]) == 1
    assert "is of profile smoke" in capsys.readouterr().err
    (folders[0] / "manifest.json").unlink()
    assert main(["compare", *(str(folder) for folder in folders)]) == 1
    assert "finish the run" in capsys.readouterr().err

"""The pages of benchmarks are those of their numbers, and say what was measured where."""

import sys
from pathlib import Path

import pandas as pd
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield
    for name in ("overview", "step_pages"):
        sys.modules.pop(name, None)


def test_the_front_page_is_that_of_the_numbers():
    from overview import render
    from step_pages import numbers

    assert (BENCHMARKS / "README.md").read_text(encoding="utf-8") == render(numbers(BENCHMARKS))


def test_each_class_has_its_page_and_what_is_imitated_says_so():
    from step_pages import numbers, render

    tables = numbers(BENCHMARKS)
    assert {"avx512", "avx2"} <= set(tables)
    for name, frame in tables.items():
        page = (BENCHMARKS / f"descent_step-{name}.md").read_text(encoding="utf-8")
        assert page in {render(name, frame, now) for now in (True, False)}
        imitated = frame["imitated"].iloc[0]
        assert ("Imitated" in page) == isinstance(imitated, str)


def test_a_class_that_is_not_measured_now_keeps_its_numbers_and_says_so(tmp_path):
    from step_pages import numbers, write_pages

    for name, frame in numbers(BENCHMARKS).items():
        frame.to_csv(tmp_path / f"descent_step-{name}.csv", index=False, float_format="%.6g")
    write_pages(tmp_path, {"avx2"})
    pages = {
        name: (tmp_path / f"descent_step-{name}.md").read_text(encoding="utf-8")
        for name in ("avx2", "avx512")
    }
    assert "Not measured again" not in pages["avx2"]
    assert "Not measured again" in pages["avx512"]
    kept = pd.read_csv(tmp_path / "descent_step-avx512.csv")
    pd.testing.assert_frame_equal(kept, numbers(BENCHMARKS)["avx512"])

"""The parts of README.md that are made of published results."""

from dataclasses import replace

import pytest

from relu_landscape.studies.declarations import Declaration
from relu_landscape.studies.readme_parts import (
    render_findings,
    render_profile_costs,
    render_studies,
    renew_readme,
)

RATES = Declaration("safran", "a.b", "bad_run_rates", (), "Rates.", leads=True)


def published(root, name, finding):
    folder = root / "figures/quick"
    folder.mkdir(parents=True, exist_ok=True)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{finding}</title></svg>'
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def test_studies_are_named_with_what_each_is_about():
    rows = render_studies({"some_study": "This | that."}).splitlines()[3:-1]
    assert rows == [r"| `some_study` | This \| that. |"]


def test_findings_are_those_of_published_leading_figures(tmp_path):
    figures = [
        RATES,
        replace(RATES, name="not_leading", leads=False),
        replace(RATES, name="not_published"),
    ]
    published(tmp_path, "bad_run_rates", "Bad runs | grow &lt; 5 %.")
    published(tmp_path, "not_leading", "Something else.")
    table = render_findings(figures, "figures/quick", tmp_path)
    assert table.splitlines()[3:] == [
        r"| [bad run rates](figures/quick/bad_run_rates.svg) | Bad runs \| grow &lt; 5 %. |",
        "",
    ]


def test_without_findings_it_says_so(tmp_path):
    assert "none published yet" in render_findings([RATES], "figures/quick", tmp_path)


def test_a_published_figure_without_a_finding_is_refused(tmp_path):
    published(tmp_path, "bad_run_rates", "")
    with pytest.raises(ValueError, match=r"bad_run_rates\.svg: has no title"):
        render_findings([RATES], "figures/quick", tmp_path)


def test_costs_are_sums_and_largest_of_the_jobs(tmp_path):
    paths = []
    for profile, seconds in (("long", 3600), ("short", 5)):
        (tmp_path / profile).mkdir()
        paths.append(tmp_path / profile / "costs.tsv")
        lines = ["job\trule\tseconds\tmemory", f"a\ta\t{seconds}\t512", "b\tb\t60\t1536"]
        paths[-1].write_text("\n".join(lines), encoding="utf-8")
    rows = render_profile_costs(paths).splitlines()[3:-1]
    assert rows == [
        "| `short` | 2 | 1 min 05 s | 1 min 00 s | 1.5 GiB "
        "| [rule by rule](figures/short/costs.md) |",
        "| `long` | 2 | 1 h 01 min | 1 h 00 min | 1.5 GiB "
        "| [rule by rule](figures/long/costs.md) |",
    ]


def test_a_part_takes_the_place_of_the_old_one_and_nothing_else():
    marks = "<!-- costs: generated -->\n{}<!-- end of costs -->\n"
    old = "before\n" + marks.format("old\n") + "after\n"
    renewed = renew_readme(old, {"costs": "\\1 new\n"})
    assert renewed == "before\n" + marks.format("\\1 new\n") + "after\n"
    assert renew_readme(renewed, {"costs": "\\1 new\n"}) == renewed


def test_missing_marks_are_named():
    with pytest.raises(ValueError, match=r"part 'costs' once, has them 0 times"):
        renew_readme("nothing", {"costs": "new"})

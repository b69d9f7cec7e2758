"""What the studies declare: found without loading them, each name once, each input there."""

import re
from dataclasses import replace

import pytest
import yaml

from helpers_tables import ROOT, published_tables
from relu_landscape.studies.declarations import (
    Declaration,
    by_name,
    declared_figures,
    declared_studies,
    declared_verdicts,
)
from relu_landscape.studies.figure_dictionary import render_figure_dictionary
from relu_landscape.tables.registry import table_names

FIGURES = declared_figures()
EXAMPLE = Declaration(
    study="safran",
    module="relu_landscape.studies.safran.figures.example",
    name="example",
    inputs=("curvature", "spectra"),
    docstring="One.\n\nCaption:\n    Profile {profile}. To be\n    seen.\n\nReturns:\n    Rows.",
)


def arrays_made():
    files = sorted(ROOT.glob("workflow/rules/*.smk"))
    rules = "".join(path.read_text(encoding="utf-8") for path in files)
    collected = re.findall(r'"arrays": \[(.*?)\]', rules, re.DOTALL)
    whole = re.findall(r"/arrays/(\w+)\.npz", rules)
    return {*whole, *(name for names in collected for name in re.findall(r'"(\w+)"', names))}


def test_studies_are_folders_and_say_what_they_are_about():
    studies = declared_studies()
    assert studies["symmetry"] == "Symmetric critical points at any k (Arjevani & Field)."
    assert {figure.study for figure in FIGURES.values()} <= studies.keys()
    assert set(studies) == {
        study
        for path in ROOT.glob("workflow/rules/*.smk")
        for study in re.findall(r'^STUDIES\["(\w+)"\]', path.read_text(encoding="utf-8"), re.M)
    }
    for about in studies.values():
        assert about.endswith(".")


def test_figures_are_found_by_their_decorator():
    assert len(FIGURES) > 40
    assert FIGURES["convexity_radius"].study == "global_minima"
    assert FIGURES["convexity_radius"].inputs == (
        "convexity_radii",
        "certified_global_minima",
        "convexity_bounds",
    )
    assert callable(FIGURES["convexity_radius"].load())


def test_a_name_stands_for_one_kind_of_data():
    tables, arrays, published = set(table_names()), arrays_made(), set(published_tables())
    assert "spectra" in arrays
    assert not tables & arrays
    assert not (tables | arrays) & published
    for figure in FIGURES.values():
        assert figure.inputs
        assert set(figure.inputs) <= tables | arrays | published, figure


@pytest.mark.parametrize("profile", ["smoke", "quick", "paper"])
def test_every_figure_has_a_caption(profile):
    config = yaml.safe_load((ROOT / f"config/{profile}.yaml").read_text(encoding="utf-8"))
    for figure in FIGURES.values():
        caption = figure.caption(config)
        assert f"**{profile}**" in caption
        assert len(caption.split(". ")) >= 2


def test_tests_of_claims_are_found_by_their_types():
    tests, known = declared_verdicts(), set(table_names()) | set(published_tables())
    assert len(tests) > 100
    assert tests["strong_convexity_bound"].study == "global_minima"
    assert tests["strong_convexity_bound"].inputs == ("curvature",)
    for test in tests.values():
        assert callable(test.load())
        assert test.inputs
        assert set(test.inputs) <= known, test


def test_a_caption_is_one_line_and_speaks_of_the_run():
    assert EXAMPLE.caption({"profile": "mine"}) == "Profile mine. To be seen."
    with pytest.raises(ValueError, match=r"figures\.example\.example has no section Caption"):
        replace(EXAMPLE, docstring="Something.").caption({})


def test_an_input_that_nothing_makes_is_named():
    made = ["results/tables/curvature.parquet", "results/arrays/spectrum.npz"]
    with pytest.raises(ValueError, match="nothing makes 'spectra'; did you mean spectrum"):
        EXAMPLE.files(made)
    made += ["results/arrays/spectra.npz"]
    assert EXAMPLE.files(made) == {"curvature": made[0], "spectra": made[2]}


def test_two_figures_of_one_name_are_refused():
    other = replace(EXAMPLE, module="relu_landscape.studies.symmetry.figures.example")
    with pytest.raises(ValueError, match=r"safran\.figures\.example and .*symmetry\.figures"):
        by_name([EXAMPLE, other])


def test_a_figure_that_does_not_say_its_numbers_has_no_page():
    assert "## example\n\nOne.\n\nRows." in render_figure_dictionary({"example": EXAMPLE})
    with pytest.raises(ValueError, match="silent does not say"):
        render_figure_dictionary({"silent": replace(EXAMPLE, docstring="Something.")})

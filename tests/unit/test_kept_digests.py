"""Digests of code that are kept between starts of the engine."""

import pytest

from relu_landscape.evidence.kept_digests import KeptDigests


@pytest.fixture
def start(tmp_path):
    """A start of the engine: the digest that it gets, which is `computed` unless one is kept."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source/module.py").write_text("X = 1\n", encoding="utf-8")

    def run(computed):
        kept = KeptDigests(tmp_path / "engine/digests.json", [tmp_path / "source"])
        found = kept.get("rule", lambda: computed)
        kept.keep()
        return found

    return run


def test_the_next_start_gets_what_was_kept(start):
    assert start("first") == "first"
    assert start("second") == "first"


@pytest.mark.parametrize("name", ["module.py", "new.py", "room/module.py"])
def test_any_change_of_a_source_computes_anew(start, name, tmp_path):
    start("first")
    (tmp_path / "source/room").mkdir()
    (tmp_path / "source" / name).write_text("X = 2\n", encoding="utf-8")
    assert start("second") == "second"
    assert start("third") == "second"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sources": 1, "digests": 2}', "\x00"])
def test_a_file_that_is_something_else_counts_as_none(start, content, tmp_path):
    start("first")
    (tmp_path / "engine/digests.json").write_text(content, encoding="utf-8")
    assert start("second") == "second"


def test_where_nothing_can_be_written_each_start_computes(start, tmp_path):
    (tmp_path / "engine").write_text("a file where the folder should be", encoding="utf-8")
    assert start("first") == "first"
    assert start("second") == "second"

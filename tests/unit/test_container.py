"""What an image is built of: the tracked files, none that a run or a tool left behind."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def lines_of(name):
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_what_git_ignores_stays_out_of_an_image():
    ignored = {f"**/{line.rstrip('/')}" for line in lines_of(".gitignore")}
    assert set(lines_of(".dockerignore")) == {".git", *ignored}


def test_an_image_is_built_as_make_builds_and_used_without_powers():
    lines = lines_of("Containerfile")
    assert lines.index("USER reader") < lines.index("RUN make .venv/.ready")
    assert not any("pip install" in line or "uv " in line for line in lines)

import json
import subprocess
import sys

import nbformat
import pytest

from helpers_tables import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_it_is_valid_and_names_its_cells(notebook):
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_it_says_what_runs_it(notebook):
    assert notebook.metadata.language_info.name == "python"
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_is_stored_without_outputs(notebook):
    for cell in cells(notebook, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_one_cell_holds_the_parameters(notebook):
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert "results = " in tagged[0].source


def test_its_code_compiles(notebook):
    for cell in cells(notebook, "code"):
        lines = [line for line in cell.source.splitlines() if not line.startswith("%")]
        compile("\n".join(lines), cell.id, "exec")


SMALL = """
import json, sys
print(json.dumps([results, sys.executable, sorted(globals().keys() & {"at_start", "at_login"})]))
"""


@pytest.fixture
def settings_of_a_user(tmp_path, monkeypatch):
    """A user whose kernel, IPython, Python and Jupyter each do something else than ours."""
    user = tmp_path / "user"
    files = {
        "data/kernels/python3/kernel.json": json.dumps(
            {"argv": ["false"], "display_name": "other", "language": "python"}
        ),
        "ipython/profile_default/startup/00.py": "at_start = True",
        "config/jupyter_config.json": json.dumps({"ExecutePreprocessor": {"kernel_name": "none"}}),
        "data/nbconvert/templates/lab/index.html.j2": "not our page",
        "startup.py": "at_login = True",
    }
    for name, text in files.items():
        (user / name).parent.mkdir(parents=True, exist_ok=True)
        (user / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(user / "data"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(user / "data"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(user / "config"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "/dev/null/runtime")
    monkeypatch.setenv("IPYTHONDIR", str(user / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(user / "startup.py"))


@pytest.mark.slow
@pytest.mark.usefixtures("settings_of_a_user")
def test_it_runs_in_this_environment_whatever_the_user_has(tmp_path):
    source, executed, html = (tmp_path / name for name in ("a.ipynb", "b.ipynb", "b.html"))
    cell = nbformat.v4.new_code_cell("results = 'none'", metadata={"tags": ["parameters"]})
    heading = nbformat.v4.new_markdown_cell("# Small")
    small = nbformat.v4.new_notebook(cells=[heading, cell, nbformat.v4.new_code_cell(SMALL)])
    small.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    nbformat.write(small, source)
    program = (
        "import sys; from relu_landscape.evidence.notebooks import run_notebook;"
        "run_notebook(*sys.argv[1:], parameters={'results': 'here'})"
    )
    command = [sys.executable, "-c", program, source, executed, html]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert (ran.returncode, ran.stderr) == (0, "")
    (output,) = nbformat.read(executed, as_version=4).cells[-1].outputs
    assert json.loads(output.text) == ["here", sys.executable, []]
    assert "not our page" not in html.read_text(encoding="utf-8")

"""A page of an executed notebook that shows all it has without a network.

What nbconvert writes by itself loads programs that set formulas when it is opened; here formulas
are MathML, which browsers set themselves, and there are no scripts.
"""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from math_core import LatexError, LatexToMathML
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode, from_dict
from traitlets.config import Config

__all__ = ["render_markdown", "render_notebook"]

HIDDEN_CELLS = ("imports", "parameters")
"""Tags of cells that are left out: they say nothing of the subject."""

_PAGE = """
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
<style>
main { max-width: 64rem; margin: 0 auto; }
img { max-width: 100%; height: auto; }
.jp-OutputArea-output, .jp-InputArea-editor { overflow-x: auto; max-width: 100%; }
math[display="block"] { overflow: auto hidden; max-width: 100%; padding: 0.3em 0; }
.jp-RenderedHTMLCommon math { font-size: 1.1em; }
.jp-InputPrompt, .jp-OutputPrompt { display: none; }
@media (max-width: 40rem) { body.jp-Notebook { padding: 0.5rem; } }
</style>
{%- endblock -%}
{%- block data_svg scoped -%}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/svg+xml;base64,{{ output.data['image/svg+xml'] | text_base64 }}"
 alt="{{ output | get_metadata('alt', 'image/svg+xml') | e }}">
</div>
{%- endblock -%}
"""

_SETTER = LatexToMathML(fancy_error=False)


def render_notebook(notebook: NotebookNode) -> str:
    """The page, titled with the first heading.

    Raises:
        ValueError: a formula cannot be set, a picture has no alternative text, or there is no
            heading.
    """
    _refuse_undescribed(notebook)
    titled = notebook | {"metadata": notebook.metadata | {"title": _title(notebook)}}
    exporter = _PageExporter(config=Config(_OPTIONS), raw_template=_PAGE)  # type: ignore[no-untyped-call]
    page, _ = exporter.from_notebook_node(from_dict(titled))  # type: ignore[no-untyped-call]
    return str(page)


_OPTIONS = {
    "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": set(HIDDEN_CELLS)},
    "HTMLExporter": {"exclude_input_prompt": True, "exclude_output_prompt": True},
}


def render_markdown(source: str) -> str:
    """HTML of a text in Markdown, with its formulas as MathML.

    Raises:
        ValueError: a formula cannot be set.
    """
    return str(MarkdownWithMath(renderer=_FormulaRenderer(escape=False)).render(source))


class _PageExporter(HTMLExporter):
    """The exporter of nbconvert, with formulas set."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:  # noqa: ARG002
        """HTML of a cell of text."""
        return render_markdown(source)


class _FormulaRenderer(IPythonRenderer):
    """Markdown to HTML, with formulas set."""

    def inline_math(self, body: str) -> str:
        """MathML of a formula in a line."""
        return _formula(body, block=False)

    def block_math(self, body: str) -> str:
        """MathML of a formula that stands by itself."""
        return _formula(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        """MathML of an environment of LaTeX, such as align."""
        return _formula(rf"\begin{{{name}}}{body}\end{{{name}}}", block=True)


def _formula(latex: str, *, block: bool) -> str:
    try:
        return str(_SETTER.convert_with_local_state(latex, displaystyle=block))
    except LatexError as error:
        raise ValueError(
            f"formula {latex!r} cannot be set as MathML: {error}; write it in other LaTeX"
        ) from error


def _title(notebook: NotebookNode) -> str:
    lines = (
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
    )
    for line in lines:
        if line.startswith("# "):
            return str(line.removeprefix("# "))
    raise ValueError("the notebook has no heading '# ...', from which its page takes the title")


def _refuse_undescribed(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            kinds = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
            described = output.get("metadata", {}).get("image/svg+xml", {}).get("alt")
            if kinds and (kinds != ["image/svg+xml"] or not described):
                raise ValueError(
                    f"cell {cell.id!r} shows a picture without an alternative text; make it a "
                    "figure of the study and show it by `run.show`"
                )

"""What an SVG file of a figure says in words; read without the libraries that drew it."""

from os import PathLike
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

__all__ = ["describe_svg", "read_finding"]


def describe_svg(path: str | PathLike[str], description: str) -> None:
    """Put a description behind the title of an SVG file, for those who do not see it."""
    before, title, after = Path(path).read_text(encoding="utf-8").partition("</title>\n")
    text = f" <desc>{escape(description)}</desc>\n"
    Path(path).write_text(before + title + text + after, encoding="utf-8", newline="\n")


def read_finding(svg: str | PathLike[str]) -> str:
    """The finding of a figure that `save_plot` wrote."""
    title = ElementTree.parse(svg).find("{http://www.w3.org/2000/svg}title")
    if title is None or not title.text:
        raise ValueError(f"{svg}: has no title; delete it and run again")
    return title.text

"""The local law of the valley beside the loss in extended precision."""

from itertools import product

from relu_landscape.single_teacher.expansions import (
    expansion_records,
    least_record,
    simplex_records,
)
from relu_landscape.single_teacher.settings import Descents, Valleys
from relu_landscape.studies.steps import Made


def expand_valleys(descents: Descents, valleys: Valleys) -> Made:
    """Points next to global minima, simplices, and the directions of least loss."""
    sizes = [(1, n) for n in valleys.students]
    sizes += [(size.k, size.n) for size in descents.several_teachers]
    return {
        "valley_expansions": [
            record for k, n in sizes for record in expansion_records(k, n, descents.inputs, valleys)
        ],
        "simplex_valleys": [row for n in valleys.students for row in simplex_records(n)],
        "least_valleys": [
            least_record(n, dimension, valleys)
            for n, dimension in product(valleys.students, valleys.dimensions)
        ],
    }

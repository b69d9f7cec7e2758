"""Forms and bounds of Theorem 10 at right angles to the neurons, shares equal or not."""

from relu_landscape.global_minima.orthogonal_displacements import orthogonal_records
from relu_landscape.global_minima.settings import OrthogonalDisplacements
from relu_landscape.studies.steps import Made


def displace_orthogonally(orthogonal: OrthogonalDisplacements) -> Made:
    """The forms of every kind of displacement at every k and m."""
    return {
        "orthogonal_forms": [
            record
            for k in orthogonal.teachers
            for m in orthogonal.students_per_teacher
            for record in orthogonal_records(k, m, orthogonal)
        ]
    }

"""Fewer students than teachers: the two kinds of end points of descent, and which is lower.

Sources: "Simsek et al. 2023" is Simsek, Bendjeddou, Gerstner & Brea (arXiv 2311.01644), of which
the abstract, figure captions and the public code were at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.fewer_students.copy_branches import CopyBranch as CopyBranch
    from relu_landscape.fewer_students.copy_points import (
        CopyPoint as CopyPoint,
        copy_average_point as copy_average_point,
        perturbed_copy_point as perturbed_copy_point,
    )
    from relu_landscape.fewer_students.one_student import (
        one_student_coordinate as one_student_coordinate,
        one_student_loss as one_student_loss,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)

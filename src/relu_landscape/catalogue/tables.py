"""The table of the catalogue."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import Loss, LossCurvature, NeuronCount, ProofState
from relu_landscape.tables.schema import Unit, at_least, between, table

JSON_ARRAY = "JSON array"
JSON_OBJECT = "JSON object"
_Array = Annotated[str, Unit(JSON_ARRAY)]
_Object = Annotated[str | None, Unit(JSON_OBJECT)]


@table(key=("id",), version=2)
class CatalogueEntries:
    """One row an entry of the catalogue of critical points: a class that runs met, a point of a
    symmetric family at one k and n, one at another slope of the activation, or a theorem.
    """

    id: Annotated[
        str,
        "Name that no run, seed or processor changes: k, n, isotropy and loss of a class; family, "
        "k, n and slope of a point; what a theorem is about.",
    ]
    kind: Annotated[
        Literal["class", "family_point", "leaky_point", "theorem"], "What the entry is."
    ]
    k: Annotated[NeuronCount, "Number of teachers; 0 for theorems."]
    n: Annotated[NeuronCount, "Number of students; 0 for theorems."]
    slope: Annotated[
        float,
        between(-1, 1),
        "Slope s of the activation max(z, s z); 0, the ReLU, but for points at other slopes.",
    ]
    class_id: Annotated[
        int, at_least(-1), "Class in the tables of this run; -1 for all that is none."
    ]
    isotropy: Annotated[str | None, "Isotropy subgroup; empty for theorems."]
    family: Annotated[
        str | None, "Symmetric family that the entry belongs to or is about; empty where none."
    ]
    nature: Annotated[
        Literal[
            "global_minimum", "spurious_minimum", "strict_minimum", "saddle", "undecided", "theorem"
        ],
        "What the critical point is; a strict minimum where n < k and no loss is zero.",
    ]
    loss: Annotated[Loss | None, "Population loss; empty for theorems."]
    smallest_eigenvalue: Annotated[
        LossCurvature | None,
        "Smallest Hessian eigenvalue; empty for theorems and where only a certificate tells of the "
        "point.",
    ]
    negative_eigenvalues: Annotated[
        int, at_least(-1), "Negative Hessian eigenvalues, with multiplicity; -1 where not known."
    ]
    proved: Annotated[
        ProofState,
        "Of points, whether a certificate proves a strict local minimum for every number of inputs "
        "d >= k, spurious with n >= k; of theorems, whether they are proved.",
    ]
    reason: Annotated[str | None, "Why it is not proved; empty where it is or was not tried."]
    spectrum: Annotated[
        _Array, "Distinct Hessian eigenvalues, ascending: eigenvalue, multiplicity, irrep."
    ]
    weights: Annotated[
        _Object,
        "Exact doubles by block: blocks (sizes), extra (further neurons), own (on the own "
        "coordinate, by class of rows), rest (on the other coordinates of each block), absent (how "
        "many of the last blocks have no rows). Empty for theorems, at other slopes and where only "
        "a certificate tells of the point.",
    ]
    runs: Annotated[_Array, "Runs that ended in the class: search, runs."]
    certificate: Annotated[
        _Object, "The proof: file and line in the results, statement, what it says, its bounds."
    ]
    splits: Annotated[
        _Array,
        "Where one more neuron leads: row (class of rows of the neuron that is split), alpha, "
        "sign, landing, entry (id of the class landed in), loss.",
    ]
    least_k: Annotated[
        float | None, Unit("neurons"), "Least real k that a theorem is about; empty elsewhere."
    ]
    bounds: Annotated[_Object, "Numbers that a theorem states, by name."]
    pieces: Annotated[
        _Array, "Of a theorem for every k: ranges of k from infinity downwards, with bounds."
    ]
    series: Annotated[
        _Array, "Of a theorem for every k: coefficients of the loss in h = k^(-1/2), enclosed."
    ]

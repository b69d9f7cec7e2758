"""Proofs at the global minimum of n = k."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_global_minima
from relu_landscape.studies.steps import Made


def certify_global_minima(largest_k: int) -> Made:
    """The smallest eigenvalue enclosed, and a radius of strong convexity, for k = 2, 3, ..."""
    proofs = prove_global_minima(range(2, largest_k + 1))
    return {"certified_global_minima": proofs.records, "certificates": file_text(proofs.lines)}

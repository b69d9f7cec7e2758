"""Proofs at the sizes of the theorem of Safran & Shamir (2018)."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_pairs
from relu_landscape.certificates.settings import Pairs
from relu_landscape.studies.steps import Made


def certify_pairs(pairs: Pairs) -> Made:
    """A spurious minimum at each size n = k and n = k + 1 that is asked for."""
    sizes = [(k, k) for k in pairs.equal] + [(k, k + 1) for k in pairs.one_more]
    proofs = prove_pairs(sizes)
    return {"certified_pairs": proofs.records, "certificates": file_text(proofs.lines)}

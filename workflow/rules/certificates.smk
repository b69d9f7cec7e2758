"""Certificates: minima, saddles and counterexamples proved in ball arithmetic, and checked again.

INPUTS: the config (certificates); of the main study basins/, classes/ and representatives/, and
    tables/curvature.parquet; of global_minima tables/convexity_radii.parquet, of theorems
    tables/convexity_bounds.parquet. With these tables figures and verdicts compare.
OUTPUTS: certificates/ (JSON lines) and certificate_checks/ for each file; for the sizes of some values of k together
    certified_classes/;
    tables/certified_pairs, certified_families, certified_global_minima, certified_inequalities,
    certified_basins, proof_times (.parquet).
"""

CERTIFICATES = config["certificates"]
CERTIFIED = [
    case
    for case in CLASSIFIED
    if extra_students(case) in (0, 1)
    and case_size(case)[0] <= CERTIFICATES["classes"]["largest_k"]
]
CERTIFICATE_FILES = [
    *spans(CERTIFIED),
    "pairs",
    "families",
    "global_minima",
    "inequalities",
    *(["basins"] if BASINS else []),
]
CERTIFICATES_COLLECTED = {
    "certified_classes": {
        "tables": ["certified_classes"],
        "arrays": [],
        "parts": spans(CERTIFIED),
    },
    "certificate_checks": {
        "tables": ["certificate_checks"],
        "arrays": [],
        "parts": CERTIFICATE_FILES,
    },
}
COLLECTED |= CERTIFICATES_COLLECTED
# Its audit is the checker, which shares no code with what writes the certificates.
STUDIES["certificates"] = {
    "tables": tables_of(CERTIFICATES_COLLECTED)
    + [
        f"<results>/tables/{name}.parquet"
        for name in (
            "curvature",
            "certified_pairs",
            "certified_families",
            "certified_global_minima",
            "certified_inequalities",
            *(["certified_basins"] if BASINS else []),
            "proof_times",
            "convexity_radii",
            "convexity_bounds",
        )
    ],
    "arrays": [],
    "certificates": [
        f"<results>/certificates/{name}.jsonl" for name in CERTIFICATE_FILES
    ],
    "audits": [],
    "figures": figures_of("certificates"),
    "notebooks": ["certificates"],
    "claims": ["certificates"],
}


rule certify_classes:
    """Proofs that classes are spurious minima, and that every split makes a saddle."""
    input:
        classes="<results>/classes/{span}.parquet",
        representatives="<results>/representatives/{span}.npz",
    output:
        certified_classes="<results>/certified_classes/{span}.parquet",
        certificates="<results>/certificates/{span}.jsonl",
    log:
        "<logs>/certify_classes/{span}.log",
    benchmark:
        "<benchmarks>/certify_classes/{span}.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("certify_classes"),
        cases=lambda wildcards: in_span(CERTIFIED, wildcards.span),
        largest_full_k=CERTIFICATES["classes"]["largest_full_k"],
    script:
        "../scripts/run_step.py"


rule certify_pairs:
    """A proved spurious minimum for each pair of the 2018 theorem."""
    output:
        certified_pairs="<results>/tables/certified_pairs.parquet",
        certificates="<results>/certificates/pairs.jsonl",
    log:
        "<logs>/certify_pairs.log",
    benchmark:
        "<benchmarks>/certify_pairs.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("certify_pairs"),
        pairs=CERTIFICATES["pairs"],
    script:
        "../scripts/run_step.py"


rule certify_families:
    """Members of the symmetric families proved through the reduced problem."""
    output:
        certified_families="<results>/tables/certified_families.parquet",
        certificates="<results>/certificates/families.jsonl",
    log:
        "<logs>/certify_families.log",
    benchmark:
        "<benchmarks>/certify_families.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("certify_families"),
        families=CERTIFICATES["families"],
    script:
        "../scripts/run_step.py"


rule certify_global_minima:
    """Curvature at the global minimum, and a radius of strong convexity, proved."""
    output:
        certified_global_minima="<results>/tables/certified_global_minima.parquet",
        certificates="<results>/certificates/global_minima.jsonl",
    log:
        "<logs>/certify_global_minima.log",
    benchmark:
        "<benchmarks>/certify_global_minima.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("certify_global_minima"),
        largest_k=CERTIFICATES["global_minima"]["largest_k"],
    script:
        "../scripts/run_step.py"


rule certify_inequalities:
    """Failures of convexity proved at explicit rational points."""
    output:
        certified_inequalities="<results>/tables/certified_inequalities.parquet",
        certificates="<results>/certificates/inequalities.jsonl",
    log:
        "<logs>/certify_inequalities.log",
    benchmark:
        "<benchmarks>/certify_inequalities.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("certify_inequalities"),
        inequalities=CERTIFICATES["inequalities"],
    script:
        "../scripts/run_step.py"


rule certify_basins:
    """The basins in which searches end their runs: what the checker needs to prove them."""
    input:
        basins=expand("<results>/basins/{case}.npz", case=BASINS),
    output:
        certified_basins="<results>/tables/certified_basins.parquet",
        certificates="<results>/certificates/basins.jsonl",
    log:
        "<logs>/certify_basins.log",
    benchmark:
        "<benchmarks>/certify_basins.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        **step("certify_basins"),
    script:
        "../scripts/run_step.py"


rule time_proofs:
    """What a proof and its check cost; nothing is judged by it."""
    output:
        proof_times="<results>/tables/proof_times.parquet",
    log:
        "<logs>/time_proofs.log",
    benchmark:
        "<benchmarks>/time_proofs.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("time_proofs"),
        timing=CERTIFICATES["timing"],
    script:
        "../scripts/run_step.py"


rule check_certificates:
    """Every line of a file of certificates proved again by the checker; one that is not fails the run."""
    input:
        certificates="<results>/certificates/{certificates}.jsonl",
        table=certified_table,
    output:
        "<results>/certificate_checks/{certificates}.parquet",
    log:
        "<logs>/check_certificates/{certificates}.log",
    benchmark:
        "<benchmarks>/check_certificates/{certificates}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=240,
    params:
        science=science("check_certificates"),
    script:
        "../scripts/check_certificates.py"

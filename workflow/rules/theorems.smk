"""Theorems for every k: proofs in which k is an interval, each checked again.

INPUTS: the config (theorems); of other studies tables/convexity_radii, conjecture12_search, family_points, certified_families, stability_thresholds,
    puiseux_coefficients (.parquet).
    With these figures and verdicts compare.
OUTPUTS: theorems/ (JSON lines, a file a family), conjecture12/theorems.jsonl and theorem_checks/ for each file;
    tables/family_theorems, theorem_pieces, theorem_checks, theorem_thresholds, theorem_series,
    conjecture12_theorems, conjecture12_checks, convexity_bounds (.parquet).
"""

THEOREMS = {
    f"{wanted['family']}-{wanted['special_rows']}": wanted
    for wanted in config["theorems"]["families"]
}
THEOREMS_COLLECTED = {
    "every_k": {
        "tables": [
            "family_theorems",
            "theorem_pieces",
            "theorem_checks",
            "theorem_thresholds",
            "theorem_series",
        ],
        "arrays": [],
        "parts": list(THEOREMS),
    },
}
COLLECTED |= THEOREMS_COLLECTED
# Its audit is the checker, which shares no code with what writes the certificates.
STUDIES["theorems"] = {
    "tables": tables_of(THEOREMS_COLLECTED)
    + [
        "<results>/tables/conjecture12_theorems.parquet",
        "<results>/tables/conjecture12_checks.parquet",
        "<results>/tables/convexity_bounds.parquet",
    ]
    + [
        f"<results>/tables/{name}.parquet"
        for name in (
            "convexity_radii",
            "conjecture12_search",
            "family_points",
            "certified_families",
            "stability_thresholds",
            "puiseux_coefficients",
        )
    ],
    "arrays": [],
    "certificates": [
        *(f"<results>/theorems/{name}.jsonl" for name in THEOREMS),
        "<results>/conjecture12/theorems.jsonl",
    ],
    "audits": [],
    "figures": figures_of("theorems"),
    "notebooks": ["theorems"],
    "claims": ["theorems"],
}


rule prove_every_k:
    """A family proved a spurious minimum for every k from a bound on."""
    output:
        family_theorems="<results>/family_theorems/{theorem}.parquet",
        theorem_pieces="<results>/theorem_pieces/{theorem}.parquet",
        certificate="<results>/theorems/{theorem}.jsonl",
    log:
        "<logs>/prove_every_k/{theorem}.log",
    benchmark:
        "<benchmarks>/prove_every_k/{theorem}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("prove_every_k"),
        wanted=lambda wildcards: THEOREMS[wildcards.theorem],
    script:
        "../scripts/run_step.py"


rule enclose_limits:
    """From which real k on a family is a minimum, and how its loss begins at k = infinity."""
    output:
        theorem_thresholds="<results>/theorem_thresholds/{theorem}.parquet",
        theorem_series="<results>/theorem_series/{theorem}.parquet",
    log:
        "<logs>/enclose_limits/{theorem}.log",
    benchmark:
        "<benchmarks>/enclose_limits/{theorem}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("enclose_limits"),
        wanted=lambda wildcards: THEOREMS[wildcards.theorem],
        terms=config["theorems"]["terms"],
    script:
        "../scripts/run_step.py"


rule check_every_k:
    """A theorem proved again by its checker; one that is not fails the run."""
    input:
        certificate="<results>/theorems/{theorem}.jsonl",
        table="<results>/family_theorems/{theorem}.parquet",
    output:
        "<results>/theorem_checks/{theorem}.parquet",
    log:
        "<logs>/check_every_k/{theorem}.log",
    benchmark:
        "<benchmarks>/check_every_k/{theorem}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        science=science("check_every_k"),
    script:
        "../scripts/check_every_k.py"


rule prove_conjecture12:
    """How Conjecture 12 fails next to the global minima, and what holds in its place."""
    output:
        conjecture12_theorems="<results>/tables/conjecture12_theorems.parquet",
        certificate="<results>/conjecture12/theorems.jsonl",
    log:
        "<logs>/prove_conjecture12.log",
    benchmark:
        "<benchmarks>/prove_conjecture12.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("prove_conjecture12"),
        wanted=config["theorems"]["conjecture12"],
    script:
        "../scripts/run_step.py"


rule check_conjecture12:
    """The theorems about Conjecture 12 proved again by their checker; a refusal fails the run."""
    input:
        certificate="<results>/conjecture12/theorems.jsonl",
        table="<results>/tables/conjecture12_theorems.parquet",
    output:
        "<results>/tables/conjecture12_checks.parquet",
    log:
        "<logs>/check_conjecture12.log",
    benchmark:
        "<benchmarks>/check_conjecture12.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        science=science("check_conjecture12"),
    script:
        "../scripts/check_conjecture12.py"


rule bound_convexity:
    """Bounds of the radius of strong convexity, by the proof that holds for every k."""
    output:
        convexity_bounds="<results>/tables/convexity_bounds.parquet",
    log:
        "<logs>/bound_convexity.log",
    benchmark:
        "<benchmarks>/bound_convexity.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        **step("bound_convexity"),
        teachers=config["theorems"]["convexity"],
    script:
        "../scripts/run_step.py"

"""Theorems for every k: proofs in which k is an interval, each checked again.

INPUTS: the config (theorems); of other studies tables/convexity_radii, conjecture12_search, family_points, family_splits, certified_families,
    stability_thresholds, puiseux_coefficients (.parquet).
    With these figures and verdicts compare.
OUTPUTS: theorems/, every_m/ (JSON lines, a file a theorem), saddles/further_row.jsonl and splits.jsonl, further_minima/II-1.jsonl,
    conjecture12/theorems.jsonl and theorem_checks/, rectangle_checks/ for each file of the first two;
    tables/rectangle_theorems, rectangle_checks, family_theorems, theorem_pieces, theorem_signed_splits, theorem_checks,
    theorem_thresholds, theorem_series,
    theorem_saddles, theorem_saddle_pieces, theorem_splits, theorem_split_series, theorem_saddle_checks,
    theorem_further_minima, theorem_further_minimum_pieces, theorem_further_minimum_checks,
    conjecture12_theorems, conjecture12_checks, convexity_bounds (.parquet).
"""

THEOREMS = {
    f"{wanted['family']}-{wanted['special_rows']}": wanted
    for wanted in config["theorems"]["families"]
}
THEOREMS_FOR_EVERY_M = {
    f"{wanted['family']}-{wanted['least_m']}-{wanted['least_ratio']:g}": wanted
    for wanted in config["theorems"]["every_m"]
}
THEOREMS_COLLECTED = {
    "every_m": {
        "tables": ["rectangle_theorems", "rectangle_checks"],
        "arrays": [],
        "parts": list(THEOREMS_FOR_EVERY_M),
    },
    "every_k": {
        "tables": [
            "family_theorems",
            "theorem_pieces",
            "theorem_signed_splits",
            "theorem_checks",
            "theorem_thresholds",
            "theorem_series",
        ],
        "arrays": [],
        "parts": list(THEOREMS),
    },
}
COLLECTED |= THEOREMS_COLLECTED
SADDLE_TABLES = [
    "theorem_saddles",
    "theorem_saddle_pieces",
    "theorem_splits",
    "theorem_split_series",
    "theorem_saddle_checks",
]
FURTHER_MINIMUM_TABLES = [
    "theorem_further_minima",
    "theorem_further_minimum_pieces",
    "theorem_further_minimum_checks",
]
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
        for name in SADDLE_TABLES + FURTHER_MINIMUM_TABLES
    ]
    + [
        f"<results>/tables/{name}.parquet"
        for name in (
            "convexity_radii",
            "conjecture12_search",
            "family_points",
            "family_splits",
            "certified_families",
            "stability_thresholds",
            "puiseux_coefficients",
        )
    ],
    "arrays": [],
    "certificates": [
        *(f"<results>/theorems/{name}.jsonl" for name in THEOREMS),
        *(f"<results>/every_m/{name}.jsonl" for name in THEOREMS_FOR_EVERY_M),
        *(f"<results>/saddles/{name}.jsonl" for name in ("further_row", "splits")),
        "<results>/further_minima/II-1.jsonl",
        "<results>/conjecture12/theorems.jsonl",
    ],
    "audits": [],
    "figures": figures_of("theorems"),
    "notebooks": ["theorems"],
    "claims": ["theorems"],
}


rule prove_every_k:
    """A family proved a spurious minimum for every k from a bound on, and what its signed splits are."""
    output:
        family_theorems="<results>/family_theorems/{theorem}.parquet",
        theorem_pieces="<results>/theorem_pieces/{theorem}.parquet",
        theorem_signed_splits="<results>/theorem_signed_splits/{theorem}.parquet",
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


rule prove_saddle_every_k:
    """A with one neuron more proved a saddle of index k - 1 for every k from a bound on."""
    output:
        theorem_saddles="<results>/tables/theorem_saddles.parquet",
        theorem_saddle_pieces="<results>/tables/theorem_saddle_pieces.parquet",
        certificate="<results>/saddles/further_row.jsonl",
    log:
        "<logs>/prove_saddle_every_k.log",
    benchmark:
        "<benchmarks>/prove_saddle_every_k.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("prove_saddle_every_k"),
        wanted=config["theorems"]["further_saddle"],
    script:
        "../scripts/run_step.py"


rule enclose_every_split:
    """What splits of the neurons of II_1 add to the Hessian, for every k from a bound on."""
    output:
        theorem_splits="<results>/tables/theorem_splits.parquet",
        theorem_split_series="<results>/tables/theorem_split_series.parquet",
        certificate="<results>/saddles/splits.jsonl",
    log:
        "<logs>/enclose_every_split.log",
    benchmark:
        "<benchmarks>/enclose_every_split.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("enclose_every_split"),
        wanted=config["theorems"]["splits"],
    script:
        "../scripts/run_step.py"


rule check_saddles:
    """The theorems on saddles and splits proved again by their checker; a refusal fails the run."""
    input:
        further_row="<results>/saddles/further_row.jsonl",
        splits="<results>/saddles/splits.jsonl",
        theorem_saddles="<results>/tables/theorem_saddles.parquet",
        theorem_splits="<results>/tables/theorem_splits.parquet",
    output:
        "<results>/tables/theorem_saddle_checks.parquet",
    log:
        "<logs>/check_saddles.log",
    benchmark:
        "<benchmarks>/check_saddles.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        science=science("check_saddles"),
    script:
        "../scripts/check_saddles.py"


rule prove_further_minimum:
    """II_1 with one neuron more proved a spurious minimum for every k from a bound on."""
    output:
        theorem_further_minima="<results>/tables/theorem_further_minima.parquet",
        theorem_further_minimum_pieces="<results>/tables/theorem_further_minimum_pieces.parquet",
        certificate="<results>/further_minima/II-1.jsonl",
    log:
        "<logs>/prove_further_minimum.log",
    benchmark:
        "<benchmarks>/prove_further_minimum.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("prove_further_minimum"),
        wanted=config["theorems"]["further_minimum"],
    script:
        "../scripts/run_step.py"


rule check_further_minimum:
    """The minimum with one neuron more proved again by its checker; a refusal fails the run."""
    input:
        certificate="<results>/further_minima/II-1.jsonl",
        table="<results>/tables/theorem_further_minima.parquet",
    output:
        "<results>/tables/theorem_further_minimum_checks.parquet",
    log:
        "<logs>/check_further_minimum.log",
    benchmark:
        "<benchmarks>/check_further_minimum.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        science=science("check_further_minimum"),
    script:
        "../scripts/check_further_minimum.py"


rule prove_every_m:
    """Families proved spurious minima for every m, and every k from a multiple of m on."""
    output:
        rectangle_theorems="<results>/rectangle_theorems/{every_m}.parquet",
        certificate="<results>/every_m/{every_m}.jsonl",
    log:
        "<logs>/prove_every_m/{every_m}.log",
    benchmark:
        "<benchmarks>/prove_every_m/{every_m}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("prove_every_m"),
        wanted=lambda wildcards: THEOREMS_FOR_EVERY_M[wildcards.every_m],
    script:
        "../scripts/run_step.py"


rule check_every_m:
    """A theorem for every m proved again by its checker; one that is not fails the run."""
    input:
        certificate="<results>/every_m/{every_m}.jsonl",
        table="<results>/rectangle_theorems/{every_m}.parquet",
    output:
        "<results>/rectangle_checks/{every_m}.parquet",
    log:
        "<logs>/check_every_m/{every_m}.log",
    benchmark:
        "<benchmarks>/check_every_m/{every_m}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        science=science("check_every_m"),
    script:
        "../scripts/check_every_m.py"


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

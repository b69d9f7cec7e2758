"""Teachers that are not orthonormal: how often restarts end badly, and what bad minima are like.

INPUTS: the config (general_teachers).
OUTPUTS: general_teachers/bad_minima.jsonl, general_teachers/survivors.jsonl, persistence/minima.jsonl;
    tables/general_shares, general_minima, general_neurons, general_survivals, general_persistence (.parquet).
"""

GENERAL_TEACHERS = config["general_teachers"]
# Its audit is the checker, which shares no code with what writes the certificates.
STUDIES["general_teachers"] = {
    "tables": [
        f"<results>/tables/{name}.parquet"
        for name in (
            "general_shares",
            "general_minima",
            "general_neurons",
            "general_survivals",
            "general_persistence",
        )
    ],
    "arrays": [],
    "certificates": [
        *(
            f"<results>/general_teachers/{name}.jsonl"
            for name in ("bad_minima", "survivors")
        ),
        "<results>/persistence/minima.jsonl",
    ],
    "audits": [],
    "figures": figures_of("general_teachers"),
    "notebooks": ["general_teachers"],
    "claims": ["general_teachers"],
}


rule search_general_teachers:
    """Restarts with teachers of every kind; each distinct bad minimum proved, and its splits."""
    output:
        general_shares="<results>/tables/general_shares.parquet",
        general_minima="<results>/tables/general_minima.parquet",
        general_neurons="<results>/tables/general_neurons.parquet",
        certificates="<results>/general_teachers/bad_minima.jsonl",
    log:
        "<logs>/search_general_teachers.log",
    benchmark:
        "<benchmarks>/search_general_teachers.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("search_general_teachers"),
        searches=GENERAL_TEACHERS["searches"],
        protocol=PROTOCOLS[GENERAL_TEACHERS["searches"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule descend_from_second_type:
    """Where descent from II_1 ends at random unit teachers, each minimum proved."""
    output:
        general_survivals="<results>/tables/general_survivals.parquet",
        certificates="<results>/general_teachers/survivors.jsonl",
    log:
        "<logs>/descend_from_second_type.log",
    benchmark:
        "<benchmarks>/descend_from_second_type.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("descend_from_second_type"),
        survival=GENERAL_TEACHERS["survival"],
        protocol=PROTOCOLS[GENERAL_TEACHERS["survival"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule prove_persistence:
    """How far from orthonormal teachers minima persist, and from how many inputs on."""
    output:
        general_persistence="<results>/tables/general_persistence.parquet",
        certificates="<results>/persistence/minima.jsonl",
    log:
        "<logs>/prove_persistence.log",
    benchmark:
        "<benchmarks>/prove_persistence.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        **step("prove_persistence"),
        persistence=GENERAL_TEACHERS["persistence"],
    script:
        "../scripts/run_step.py"

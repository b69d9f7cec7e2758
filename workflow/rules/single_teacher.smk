"""A single teacher neuron: Xu & Du 2023, and the local law behind its rates.

INPUTS: the config (single_teacher).
OUTPUTS: tables/single_teacher_descents, single_teacher_laws, single_teacher_limits,
    valley_expansions, simplex_valleys, least_valleys (.parquet).
"""

STUDIES["single_teacher"] = {
    "tables": [
        f"<results>/tables/{name}.parquet"
        for name in (
            "single_teacher_descents",
            "single_teacher_laws",
            "single_teacher_limits",
            "valley_expansions",
            "simplex_valleys",
            "least_valleys",
        )
    ],
    "arrays": [],
    "audits": [],
    "figures": figures_of("single_teacher"),
    "notebooks": ["single_teacher"],
    "claims": ["xu_du2023"],
}


rule follow_single_teacher:
    """Descent on a single teacher and into the valley of several, loss in extended precision."""
    output:
        single_teacher_descents="<results>/tables/single_teacher_descents.parquet",
        single_teacher_laws="<results>/tables/single_teacher_laws.parquet",
        single_teacher_limits="<results>/tables/single_teacher_limits.parquet",
    log:
        "<logs>/follow_single_teacher.log",
    benchmark:
        "<benchmarks>/follow_single_teacher.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("follow_single_teacher"),
        descents=config["single_teacher"]["descents"],
    script:
        "../scripts/run_step.py"


rule expand_valleys:
    """The local law beside the loss in extended precision, and its directions of least loss."""
    output:
        valley_expansions="<results>/tables/valley_expansions.parquet",
        simplex_valleys="<results>/tables/simplex_valleys.parquet",
        least_valleys="<results>/tables/least_valleys.parquet",
    log:
        "<logs>/expand_valleys.log",
    benchmark:
        "<benchmarks>/expand_valleys.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        **step("expand_valleys"),
        descents=config["single_teacher"]["descents"],
        valleys=config["single_teacher"]["valleys"],
    script:
        "../scripts/run_step.py"

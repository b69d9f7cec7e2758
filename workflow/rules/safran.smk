"""The main study: Safran & Shamir 2018; Safran, Yehudai & Shamir 2021, Section 4.

INPUTS: the config (protocols, searches, basins, classes, curvature, splitting, confirmation).
OUTPUTS, for each size k{k}-n{n}: basins/; for the sizes of some values of k together: restarts/, memberships/, classes/, spreads/,
    representatives/, curvature/, neurons/, spectra/, softest_directions/, splits/, fates/, landings/, confirmations/;
    over all sizes: tables/zero_halves.parquet, tables/few_student_splits.parquet, statistics/bad_run_rates.parquet, statistics/bad_run_ends.parquet,
    statistics/global_minimum_counts.parquet, audits/safran.json.
"""

SAFRAN_COLLECTED = {
    "restarts": {
        "tables": ["restarts"],
        "arrays": [],
        "parts": [
            f"{search}/{span}/batch{batch:03d}"
            for search, cases in CASES_OF.items()
            for span in spans(cases)
            for batch in range(batch_count(search, span))
        ],
    },
    "classes": {
        "tables": ["memberships", "classes"],
        "arrays": ["representatives"],
        "parts": spans(CLASSIFIED),
    },
    "spreads": {
        "tables": ["spreads"],
        "arrays": [],
        "parts": [
            f"{search}/{span}"
            for search, cases in SPREAD.items()
            for span in spans(cases)
        ],
    },
    "curvature": {
        "tables": ["curvature", "neurons"],
        "arrays": ["spectra", "softest_directions"],
        "parts": spans(CLASSIFIED),
    },
    "splits": {
        "tables": ["splits", "fates"],
        "arrays": ["landings"],
        "parts": spans(SPLIT),
    },
    "confirmations": {
        "tables": ["confirmations"],
        "arrays": [],
        "parts": [
            f"{search}/{span}"
            for search, cases in CONFIRMED.items()
            for span in spans(cases)
        ],
    },
}
COLLECTED |= SAFRAN_COLLECTED
STUDIES["safran"] = {
    "tables": tables_of(SAFRAN_COLLECTED)
    + [
        "<results>/tables/zero_halves.parquet",
        "<results>/tables/few_student_splits.parquet",
        "<results>/statistics/bad_run_rates.parquet",
        "<results>/statistics/bad_run_ends.parquet",
        "<results>/statistics/global_minimum_counts.parquet",
    ],
    "arrays": arrays_of(SAFRAN_COLLECTED),
    "audits": ["<results>/audits/safran.json"],
    "figures": figures_of("safran"),
    "notebooks": ["safran"],
    "claims": ["safran2018", "safran2021"],
}


rule propose_basins:
    """Balls around known minima that descent does not leave; certify_basins and the checker prove it."""
    output:
        basins="<results>/basins/{case}.npz",
    log:
        "<logs>/propose_basins/{case}.log",
    benchmark:
        "<benchmarks>/propose_basins/{case}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("propose_basins"),
        largest_q=SAFRAN["basins"]["largest_q"],
    script:
        "../scripts/run_step.py"


rule run_restarts:
    """Gradient descent from random starting weights, one batch of the restarts of each size."""
    input:
        basins=known_basins,
    output:
        restarts="<results>/restarts/{search}/{span}/batch{batch}.parquet",
        weights="<results>/restarts/{search}/{span}/batch{batch}.npz",
    log:
        "<logs>/run_restarts/{search}/{span}/batch{batch}.log",
    benchmark:
        "<benchmarks>/run_restarts/{search}/{span}/batch{batch}.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=480,
    params:
        **step("run_restarts"),
        seed=lambda wildcards: SEARCHES[wildcards.search]["seed"],
        restarts=restarts_of_batch,
        protocol=lambda wildcards: PROTOCOLS[SEARCHES[wildcards.search]["protocol"]],
    script:
        "../scripts/run_step.py"


rule classify_minima:
    """Points that differ by permutations of neurons and coordinates become one class."""
    input:
        restarts=classified_batches,
        weights=lambda wildcards: weights_of(classified_batches(wildcards)),
    output:
        memberships="<results>/memberships/{span}.parquet",
        classes="<results>/classes/{span}.parquet",
        representatives="<results>/representatives/{span}.npz",
    log:
        "<logs>/classify_minima/{span}.log",
    benchmark:
        "<benchmarks>/classify_minima/{span}.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        **step("classify_minima"),
        cases=lambda wildcards: in_span(CLASSIFIED, wildcards.span),
        largest_whole_k=SAFRAN["curvature"]["largest_k"],
        tolerance=SAFRAN["classes"]["tolerance"],
    script:
        "../scripts/run_step.py"


rule measure_spreads:
    """How far apart the runs of one search end that count as one minimum."""
    input:
        restarts=batches_of_search,
        weights=lambda wildcards: weights_of(batches_of_search(wildcards)),
        memberships="<results>/memberships/{span}.parquet",
        classes="<results>/classes/{span}.parquet",
        representatives="<results>/representatives/{span}.npz",
    output:
        spreads="<results>/spreads/{search}/{span}.parquet",
    log:
        "<logs>/measure_spreads/{search}/{span}.log",
    benchmark:
        "<benchmarks>/measure_spreads/{search}/{span}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        **step("measure_spreads"),
        cases=lambda wildcards: in_span(SPREAD[wildcards.search], wildcards.span),
        tolerance=SAFRAN["classes"]["tolerance"],
    script:
        "../scripts/run_step.py"


rule measure_curvature:
    """Hessian spectrum of every class, sum of norms, inner Hessian of every neuron."""
    input:
        classes="<results>/classes/{span}.parquet",
        representatives="<results>/representatives/{span}.npz",
    output:
        curvature="<results>/curvature/{span}.parquet",
        neurons="<results>/neurons/{span}.parquet",
        spectra="<results>/spectra/{span}.npz",
        softest_directions="<results>/softest_directions/{span}.npz",
    log:
        "<logs>/measure_curvature/{span}.log",
    benchmark:
        "<benchmarks>/measure_curvature/{span}.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        **step("measure_curvature"),
        largest_whole_k=SAFRAN["curvature"]["largest_k"],
    script:
        "../scripts/run_step.py"


rule split_neurons:
    """One more neuron: split every neuron, judge the new point, follow descent from it."""
    input:
        curvature="<results>/curvature/{span}.parquet",
        neurons="<results>/neurons/{span}.parquet",
        representatives="<results>/representatives/{span}.npz",
    output:
        splits="<results>/splits/{span}.parquet",
        fates="<results>/fates/{span}.parquet",
        landings="<results>/landings/{span}.npz",
    log:
        "<logs>/split_neurons/{span}.log",
    benchmark:
        "<benchmarks>/split_neurons/{span}.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        **step("split_neurons"),
        cases=lambda wildcards: in_span(SPLIT, wildcards.span),
        splitting=SAFRAN["splitting"],
        tolerance=SAFRAN["classes"]["tolerance"],
        protocol=PROTOCOLS[SAFRAN["splitting"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule measure_zero_halves:
    """Splits that leave one half zero: the slope of the loss where that half grows."""
    input:
        curvature="<results>/tables/curvature.parquet",
        neurons="<results>/tables/neurons.parquet",
        representatives="<results>/arrays/representatives.npz",
    output:
        zero_halves="<results>/tables/zero_halves.parquet",
    log:
        "<logs>/measure_zero_halves.log",
    benchmark:
        "<benchmarks>/measure_zero_halves.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("measure_zero_halves"),
        splitting=SAFRAN["splitting"],
    script:
        "../scripts/run_step.py"


rule split_few_students:
    """Minima with fewer students than teachers, and every split of every neuron of them."""
    output:
        few_student_splits="<results>/tables/few_student_splits.parquet",
    log:
        "<logs>/split_few_students.log",
    benchmark:
        "<benchmarks>/split_few_students.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        **step("split_few_students"),
        few_students=SAFRAN["few_students"],
        splitting=SAFRAN["splitting"],
        tolerance=SAFRAN["classes"]["tolerance"],
        protocol=PROTOCOLS[SAFRAN["few_students"]["protocol"]],
    script:
        "../scripts/run_step.py"


rule confirm_global_minima:
    """Good runs for n > k continued until they are seen to approach a global minimum."""
    input:
        restarts=batches_of_search,
        weights=lambda wildcards: weights_of(batches_of_search(wildcards)),
    output:
        confirmations="<results>/confirmations/{search}/{span}.parquet",
    log:
        "<logs>/confirm_global_minima/{search}/{span}.log",
    benchmark:
        "<benchmarks>/confirm_global_minima/{search}/{span}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("confirm_global_minima"),
        cases=lambda wildcards: in_span(CONFIRMED[wildcards.search], wildcards.span),
        confirmation=SAFRAN["confirmation"],
        protocol=lambda wildcards: PROTOCOLS[SEARCHES[wildcards.search]["protocol"]],
    script:
        "../scripts/run_step.py"


rule estimate_rates:
    """Share of bad runs and of global minima, for each search and size, with intervals."""
    input:
        restarts="<results>/tables/restarts.parquet",
        memberships="<results>/tables/memberships.parquet",
        classes="<results>/tables/classes.parquet",
        curvature="<results>/tables/curvature.parquet",
    output:
        bad_run_rates="<results>/statistics/bad_run_rates.parquet",
        bad_run_ends="<results>/statistics/bad_run_ends.parquet",
        global_minimum_counts="<results>/statistics/global_minimum_counts.parquet",
    log:
        "<logs>/estimate_rates.log",
    benchmark:
        "<benchmarks>/estimate_rates.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        **step("estimate_rates"),
    script:
        "../scripts/run_step.py"


rule audit_safran:
    """A sample of classes recomputed by the independent reference; a disagreement fails the run."""
    input:
        curvature="<results>/tables/curvature.parquet",
        representatives="<results>/arrays/representatives.npz",
        softest_directions="<results>/arrays/softest_directions.npz",
        classes="<results>/tables/classes.parquet",
    output:
        audit="<results>/audits/safran.json",
    log:
        "<logs>/audit_safran.log",
    benchmark:
        "<benchmarks>/audit_safran.tsv"
    priority: LONGEST_CHAIN
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        **step("audit_safran"),
        audit=config["audit"],
    script:
        "../scripts/run_step.py"

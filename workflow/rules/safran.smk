"""The main study: Safran & Shamir 2018; Safran, Yehudai & Shamir 2021, Section 4.

INPUTS: the config (protocols, searches, basins, classes, curvature, splitting, confirmation); of certificates
    certified_classes/.
OUTPUTS, for each size k{k}-n{n}: basins/, restarts/, memberships/, classes/, representatives/, curvature/, neurons/,
    spectra/, softest_directions/, splits/, fates/, landings/, confirmations/; over all sizes:
    statistics/bad_run_rates.parquet, statistics/bad_run_ends.parquet,
    statistics/global_minimum_counts.parquet, audits/safran.json.
"""


rule prove_basins:
    """Balls around known minima that descent provably does not leave."""
    output:
        "<results>/basins/{case}.npz",
    log:
        "<logs>/prove_basins/{case}.log",
    benchmark:
        "<benchmarks>/prove_basins/{case}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        science=science("prove_basins"),
        largest_q=SAFRAN["basins"]["largest_q"],
    script:
        "../scripts/prove_basins.py"


rule run_restarts:
    """Gradient descent from random starting weights, one batch of restarts."""
    input:
        unpack(proved_basins),
    output:
        table="<results>/restarts/{search}/{case}/batch{batch}.parquet",
        weights="<results>/restarts/{search}/{case}/batch{batch}.npz",
    log:
        "<logs>/run_restarts/{search}/{case}/batch{batch}.log",
    benchmark:
        "<benchmarks>/run_restarts/{search}/{case}/batch{batch}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=480,
    params:
        science=science("run_restarts"),
        seed=lambda wildcards: SEARCHES[wildcards.search]["seed"],
        runs=lambda wildcards: SIZES[wildcards.search, wildcards.case]["runs"],
        batch=lambda wildcards: SIZES[wildcards.search, wildcards.case]["batch"],
        protocol=lambda wildcards: PROTOCOLS[SEARCHES[wildcards.search]["protocol"]],
    script:
        "../scripts/run_restarts.py"


rule classify_minima:
    """Points that differ by permutations of neurons and coordinates become one class."""
    input:
        tables=all_batches,
        weights=lambda wildcards: weights_of(all_batches(wildcards)),
    output:
        memberships="<results>/memberships/{case}.parquet",
        classes="<results>/classes/{case}.parquet",
        representatives="<results>/representatives/{case}.npz",
    log:
        "<logs>/classify_minima/{case}.log",
    benchmark:
        "<benchmarks>/classify_minima/{case}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        science=science("classify_minima"),
        largest_whole_k=SAFRAN["curvature"]["largest_k"],
        tolerance=SAFRAN["classes"]["tolerance"],
    script:
        "../scripts/classify_minima.py"


rule measure_curvature:
    """Hessian spectrum of every class, sum of norms, inner Hessian of every neuron, and what is proved."""
    input:
        unpack(certified_classes),
        classes="<results>/classes/{case}.parquet",
        representatives="<results>/representatives/{case}.npz",
    output:
        curvature="<results>/curvature/{case}.parquet",
        neurons="<results>/neurons/{case}.parquet",
        spectra="<results>/spectra/{case}.npz",
        softest_directions="<results>/softest_directions/{case}.npz",
    log:
        "<logs>/measure_curvature/{case}.log",
    benchmark:
        "<benchmarks>/measure_curvature/{case}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        science=science("measure_curvature"),
        largest_whole_k=SAFRAN["curvature"]["largest_k"],
    script:
        "../scripts/measure_curvature.py"


rule split_neurons:
    """One more neuron: split every neuron, judge the new point, follow descent from it."""
    input:
        unpack(one_more_neuron),
        curvature="<results>/curvature/{case}.parquet",
        neurons="<results>/neurons/{case}.parquet",
        representatives="<results>/representatives/{case}.npz",
    output:
        splits="<results>/splits/{case}.parquet",
        fates="<results>/fates/{case}.parquet",
        landings="<results>/landings/{case}.npz",
    log:
        "<logs>/split_neurons/{case}.log",
    benchmark:
        "<benchmarks>/split_neurons/{case}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=240,
    params:
        science=science("split_neurons"),
        splitting=SAFRAN["splitting"],
        tolerance=SAFRAN["classes"]["tolerance"],
        protocol=PROTOCOLS[SAFRAN["splitting"]["protocol"]],
    script:
        "../scripts/split_neurons.py"


rule confirm_global_minima:
    """Good runs for n > k continued until they are seen to approach a global minimum."""
    input:
        tables=lambda wildcards: batches(wildcards.search, wildcards.case),
        weights=lambda wildcards: weights_of(batches(wildcards.search, wildcards.case)),
    output:
        "<results>/confirmations/{search}/{case}.parquet",
    log:
        "<logs>/confirm_global_minima/{search}/{case}.log",
    benchmark:
        "<benchmarks>/confirm_global_minima/{search}/{case}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        science=science("confirm_global_minima"),
        confirmation=SAFRAN["confirmation"],
        protocol=lambda wildcards: PROTOCOLS[SEARCHES[wildcards.search]["protocol"]],
    script:
        "../scripts/confirm_global_minima.py"


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
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        science=science("estimate_rates"),
    script:
        "../scripts/estimate_rates.py"


rule audit_safran:
    """A sample of classes recomputed by the independent reference; a disagreement fails the run."""
    input:
        curvature="<results>/tables/curvature.parquet",
        representatives="<results>/arrays/representatives.npz",
        softest_directions="<results>/arrays/softest_directions.npz",
        classes="<results>/tables/classes.parquet",
    output:
        "<results>/audits/safran.json",
    log:
        "<logs>/audit_safran.log",
    benchmark:
        "<benchmarks>/audit_safran.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        science=science("audit_safran"),
        audit=config["audit"],
    script:
        "../scripts/audit_safran.py"

"""Evidence: audits, provenance and runs.

Nothing is imported here, because each job pays for what it imports. Import from the modules:

    arrays             write_arrays, read_arrays
    documents          write_json, read_json
    certificate_files  read_certificates
    stored             read_stored
    cells              case_name, case_size
    audit              Reported, audit_point, sample_rows, agreed
    audit_curvature    audit_form, audit_singular_hessian, audit_value
    provenance         science_digest
    kept_digests       KeptDigests
    manifest           build_manifest
    checkout           unusable_place, cores_of
    notebooks          run_notebook
    job_log            job_log
    costs              job_costs, rule_costs, render_costs
    speeds             measure_speeds, ratios, seconds_here
    plans              planned_jobs
    estimates          describe_plan, describe_run
    progress           Progress
    run_watch          RunWatch
    run_records        read_sittings
    durations          duration, span
    publish            publish
    compare            compare_results
"""

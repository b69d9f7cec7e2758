"""Evidence: result tables, the claims ledger, audits and provenance.

Nothing is imported here, because each job pays for what it imports. Import from the modules:

    tables             write_table, read_table, make_table, collect_tables, read_published
    arrays             write_arrays, read_arrays
    documents          write_json, read_json
    certificate_files  read_certificates
    storage            write_bytes, write_text, DamagedFile
    column_schemas     load_schema, table_names
    dictionary         render_dictionary
    configuration      check_configuration, render_schema_markdown
    yaml_files         read_yaml, UnreadableFile
    misfits            config_faults, unknown_studies
    cells              pairs, combinations, multiplied
    claims             load_claims, judge
    claims_report      render_markdown, render_html, render_json
    audit              audit_point, sample_rows
    provenance         science_digest
    manifest           build_manifest
    show               describe_case
"""

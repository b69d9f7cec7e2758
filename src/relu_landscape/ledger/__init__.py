"""The ledger of claims: what papers assert, the verdicts on it, and their page.

claims_files       what stands in a claims file
claims             read_claims, judge
report             render_markdown, render_html, render_json
"""

"""The Reconciliation Service API, version 0.2: our own service, and other services as sources.

Source: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

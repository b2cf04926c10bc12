"""Requests, approvals, runs and the audit, as people see them."""

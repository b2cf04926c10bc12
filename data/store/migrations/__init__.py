"""Alembic's environment. Expand first, contract later: the version before must run on the schema of this one."""

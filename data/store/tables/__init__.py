"""The tables. Alembic migrations create them; a test compares the two."""

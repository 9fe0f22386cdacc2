"""How the tables came to be, step by step. A step that was released is never changed: the next one changes the tables.

A new step is a file in `versions`, written by hand: `tests/jobs/test_jobs_database.py` compares what the steps build with the
tables, on SQLite and on PostgreSQL, and names each difference.
"""

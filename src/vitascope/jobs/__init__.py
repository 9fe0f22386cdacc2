"""Work for many: films as jobs that are queued, run in chunks by workers, kept in a database and storage, and resumed."""

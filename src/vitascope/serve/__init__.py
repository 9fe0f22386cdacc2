"""The server: HTTP faces of the job core. Each parses, calls `Desk`, and replies. Only importer of fastapi and mcp."""

"""The database engine of a machine without DATABASE_URL: Django's own, on a server that starts by itself."""

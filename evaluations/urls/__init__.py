"""The addresses of evaluations, in four places."""

"""What is asked about evaluations."""

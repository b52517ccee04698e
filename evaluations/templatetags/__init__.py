"""What templates of evaluations draw."""

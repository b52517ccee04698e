"""What goes on paper in evaluations."""

"""What of evaluations leaves as a workbook."""

"""What every door for programs shares. Knows no table: tokens and kept answers are organisation's."""

"""What is told unasked: the weekly digest of a team, the monthly note for leadership."""

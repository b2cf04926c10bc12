"""From what a source says now to rows: looked at, read in processes of their own, compared, written."""

"""The care of what golden paths have made: who follows which version, and how the next one reaches them."""

"""Outside systems, one file each, each behind a port of `data.ports`."""

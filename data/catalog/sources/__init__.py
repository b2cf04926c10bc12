"""Where catalog files come from: one file a kind of source, each a `CatalogSource`."""

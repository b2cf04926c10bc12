"""One catalog file in, entities and problems out: the rules of Backstage's catalog model."""

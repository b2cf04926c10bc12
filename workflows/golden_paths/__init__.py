"""New services from golden paths: the form, the preview, the run."""

"""One file a revision, named <revision>_<what>.py with revisions that sort."""

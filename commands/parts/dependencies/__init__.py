"""What depends on what: in short, as a tree, as a picture, and all that breaks."""

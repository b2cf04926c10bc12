"""What answers are made of: the parts that verbs share."""

"""How entities, facts and long lists are put into lines."""

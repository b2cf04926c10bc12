"""Scorecards at work: facts gathered, entities scored, changes noticed, single checks claimed and put off."""

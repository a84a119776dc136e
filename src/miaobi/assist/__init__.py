"""Assistance with a person's own text: go on from it, revise it, offer alternatives and ideas, criticise it."""

"""Nets: torch modules that give the distribution of the next token. Import one only where torch is wanted.

Every net of language here answers ``net(tokens, state)`` with logits and the state to go on from; see ``net``.
"""

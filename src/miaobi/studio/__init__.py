"""The studio: what comes in from a user, jobs that survive a kill, and how a finished work is delivered."""

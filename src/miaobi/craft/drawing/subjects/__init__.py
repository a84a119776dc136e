"""What can be drawn: a generator for each subject, how people hold themselves, where others are on, in or at what."""

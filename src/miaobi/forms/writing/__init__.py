"""Forms of writing: story, novel, prose, screenplay, news, report, email."""

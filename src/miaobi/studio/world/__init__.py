"""World: works of several forms that belong together, made from one bible and shown on one page."""

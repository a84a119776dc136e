"""Domain knowledge without models: language, plot, documents, charts. Pure functions and tables with their source."""

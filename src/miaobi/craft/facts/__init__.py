"""What is stated is given or computed: numbers that are licensed, tables that are read, phrasings that are dealt."""

"""Papers: a neutral document, and the two ways it is written out. Knows no warehouse and no report."""

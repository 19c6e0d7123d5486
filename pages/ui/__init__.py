"""What pages share."""

# The pages in the order of the menu; a page's name is its file's and its address.
PAGES = (
    "overview",
    "volumes",
    "channels",
    "requests",
    "profile",
    "compare",
    "ranking",
    "checks",
    "brief",
    "search",
    "source",
    "analysis",
    "downloads",
    "definitions",
)
# The pages of those who edit: they show no report, so they stand apart.
DESK = ("intake", "log")

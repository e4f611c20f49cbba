"""The one door through which the house asks other web servers."""

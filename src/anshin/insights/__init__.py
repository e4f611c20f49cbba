"""Figures over years: consultations by fiscal year, as associations publish them."""

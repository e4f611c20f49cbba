"""Tests of the visits room."""

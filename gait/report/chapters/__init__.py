"""The chapters of a report: each turns one part of an analysis into blocks."""

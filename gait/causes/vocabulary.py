"""Ids that no data file holds: the complaints, and items that follow from other entries."""

from __future__ import annotations

COMPLAINTS = ("foot_drop", "foot_pain", "back_pain", "leg_pain", "walking_difficulty")
DERIVED = {
    "derived_bilateral": ("Both feet are affected", "Only one foot is affected"),
    "derived_short_leg": ("One leg measures 2 cm or more shorter", "The legs measure the same length"),
}
"""Items that follow from other entries, with their phrases."""

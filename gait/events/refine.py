"""Better contact times from the motion of the feet themselves."""

from __future__ import annotations

import numpy as np

from gait.core.events import GaitEvents
from gait.core.feet import FootMotion

#: A foot's own contact time is taken only when it agrees with the landmarks' to within this, in s (our estimate: three
#: times the error of landmark contacts on the rendered clips).
MAX_SHIFT_S = 0.06


def refine_contacts(events: GaitEvents, feet: FootMotion) -> GaitEvents:
    """Replace contact times by those that the pixels of a heel landing show.

    The onset of lowering is the instant of contact only where the heel lands first; flat and forefoot landings keep
    their landmark time.
    """
    table = events.table.copy()
    for contact in feet.contacts:
        if contact.contact_type != "heel":
            continue
        same = (table["side"] == contact.side) & (table["kind"] == "initial_contact")
        distance = np.abs(table["time_s"] - contact.contact_s).where(same, np.inf)
        nearest = distance.idxmin() if len(table) else None
        if nearest is not None and distance.loc[nearest] <= MAX_SHIFT_S:
            table.loc[nearest, "time_s"] = contact.contact_s
    return GaitEvents(table)

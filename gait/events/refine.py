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
    time_s = table["time_s"].to_numpy(float).copy()
    for contact in feet.contacts:
        same = ((table["side"] == contact.side) & (table["kind"] == "initial_contact")).to_numpy(bool)
        if contact.contact_type != "heel" or not same.any():
            continue
        distance = np.where(same, np.abs(time_s - contact.contact_s), np.inf)
        nearest = int(np.argmin(distance))
        if distance[nearest] <= MAX_SHIFT_S:
            time_s[nearest] = contact.contact_s
    return GaitEvents(table.assign(time_s=time_s))

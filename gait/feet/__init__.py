"""From the pixels around each contact to the motion of the foot.

:func:`measure_feet` is the way in. The pose model draws a normal foot where there is none; the film's own pixels
do not. So every frame around a contact is laid directly onto the person's own flat foot of the same stance.
"""

from gait.feet.measure import contact_type, measure_feet

__all__ = ["contact_type", "measure_feet"]

"""From the pixels around each contact to the motion of the foot."""

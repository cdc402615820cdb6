"""From frames to the keypoints of one walker."""

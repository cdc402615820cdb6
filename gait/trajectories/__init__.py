"""From keypoints to clean landmarks, angles, view, passes and scale."""

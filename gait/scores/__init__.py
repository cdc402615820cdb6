"""Summary scores: points for what an observer would see, and how far the joint curves are from usual."""

"""Film -> frames, sound, pictures: the only stage that opens a film."""

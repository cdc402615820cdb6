"""What leaves the program for other programs: tables, C3D, TRC and MOT, FHIR. One file a format."""

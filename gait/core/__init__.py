"""The nouns: types that pass between stages. No file, no picture, no opinion."""

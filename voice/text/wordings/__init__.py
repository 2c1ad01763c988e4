"""How each language says what is written for eyes. Tables, one file a language."""

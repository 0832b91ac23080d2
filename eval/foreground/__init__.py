"""Whether attention falls on person and garment, and what moves when only the background changes."""

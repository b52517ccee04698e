"""How programs come in, and what they are told of units."""

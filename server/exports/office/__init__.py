"""Office Open XML (ECMA-376) by hand: packages of parts, and the parts of a Word document."""

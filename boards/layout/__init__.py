"""Where everything stands on a board, in board units: the twin of client/src/layout.

`zones.py`: which zones a board has; `measure.py`, `frame.py`, `field.py`: where notes and themes
stand in one of them; `board.py`: how the zones stand beside each other. Every screen and every
picture reach the same answer from the document alone. Vectors: tests/vectors/layout.json.
"""

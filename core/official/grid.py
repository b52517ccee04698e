"""The type area of GB/T 9704-2012 and its grid: 22 lines of 28 characters (5.2.1, 5.2.3)."""

from __future__ import annotations

POINT = 25.4 / 72

# Millimetres.
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
AREA_WIDTH, AREA_HEIGHT = 156, 225
TOP, RIGHT, BOTTOM, LEFT = 37, 26, 35, 28
LINES, CHARACTERS = 22, 28
PITCH = AREA_HEIGHT / LINES
CELL = AREA_WIDTH / CHARACTERS

# Sizes of type by their Chinese names, in points: 2号, 3号, 4号.
SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0

# What is added after each character of size 3 so that 28 of them fill the line, in points.
SPACING = CELL / POINT - SIZE_3

"""Workbooks in and out: judged, read, checked row by row with every doubt named, written."""

"""A team's way through the whole workbook, stage by stage."""

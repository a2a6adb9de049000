"""The import desk: how records and lists of an older system, or a spreadsheet, come in."""

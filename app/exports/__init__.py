"""The history store as files for a spreadsheet or another program."""

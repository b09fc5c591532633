"""The verbs of the appraisal, by noun: sheets, lines, offers, appeals, months, rounds, schemes."""

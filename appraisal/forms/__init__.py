"""Forms of the appraisal by noun; the rules stand in the actions."""

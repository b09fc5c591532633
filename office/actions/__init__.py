"""The verbs of the department's papers, one module per paper."""

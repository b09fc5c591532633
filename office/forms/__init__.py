"""Forms of the department's papers: new ones, and one per step."""

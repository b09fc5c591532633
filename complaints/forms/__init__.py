"""Clean input for complaints."""

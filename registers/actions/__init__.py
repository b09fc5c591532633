"""What people do with the registers; one module per register, and what all of them share."""

"""The pages of the registers: one set of functions for all, by the Register in the address."""

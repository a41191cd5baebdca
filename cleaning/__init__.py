"""Pure functions from bytes to a clean record. No I/O, no clock."""

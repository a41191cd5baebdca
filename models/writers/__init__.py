"""What the store writes, table by table. Every function works in the transaction of its caller."""

"""党建早报: what is wrong, what is new, and the numbers of a month, in three minutes of reading."""

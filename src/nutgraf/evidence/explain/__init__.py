"""What supports a statement: words, a rule and its inputs, a register's entry, or a decision."""

"""What everything that goes out by HTTP shares: when to try again, and addresses as messages show them."""

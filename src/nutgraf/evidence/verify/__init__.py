"""The verifier: every number, date and name that a fact publishes occurs in its evidence.

Whatever made a fact, a person, a rule or a model, it passes the same gate. What the gate cannot see is a fact
whose words all occur in its evidence and that still says something else with them: that is for a reader.
"""

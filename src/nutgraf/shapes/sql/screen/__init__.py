"""Which focus nodes may fail: a screen before the examination, so that only few nodes are examined.

Each shape gets the set of the nodes at which it *may* fail, and where a negation asks for it the set at which
it *must*: what is certain either way is cheap to tell, by comparing texts and numbers as they stand. Nodes in
neither are left to the examination, which alone says what is wrong. A shape or a constraint that cannot be
screened lets all its nodes pass, so that a report never depends on whether there was a screen.
"""

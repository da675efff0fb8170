"""What pages show: plain values made of a page's part, which templates only lay out."""

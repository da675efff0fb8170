"""HTTP: IRIs that answer, a SPARQL 1.1 Protocol endpoint, and the pages of the site, live."""

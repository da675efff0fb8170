"""Settings of web servers under which a site's IRIs answer by what the client accepts.

`{base}id/x` is a thing and not a document: it answers 303 See Other with the address of a document about
it, `id/x.html` for people, `id/x.ttl`, `id/x.jsonld` or `id/x.nt` for programs. The files themselves are
plain files.

Source: Cool URIs for the Semantic Web §4.2, https://www.w3.org/TR/cooluris/#r303gendocument
"""

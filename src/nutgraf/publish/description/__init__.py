"""The dataset about itself: `census` counts it, `dumps` packs it; VoID, DCAT and schema.org say so.

`files` has where each of these stands on a site.
"""

"""The county office: a folder of submissions -> a ``Season``: who is missing, scores, copies, county totals."""

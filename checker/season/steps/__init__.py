"""The steps of an audit, in the order in which they are taken. Each streams from the store into the store.

reading: every file into the store. placing: whose it is, which one counts. before: last year's reports. alike: reports
like each other. judging: what counts, against last year and the others; ranks.
"""

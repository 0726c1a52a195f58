-- From the place that others work from.
network != 0 AND has(shared, network)

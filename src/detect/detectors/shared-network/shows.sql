-- From where others of the case come, too; for rotating addresses, from anywhere known.
if(network = 0, 0, 1 + has(shared, network) + has(shared, host))

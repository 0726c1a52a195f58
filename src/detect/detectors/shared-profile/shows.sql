-- The client, prompt and tools that others of the case have.
has(shared, bitXor(client, params)) + (system != 0 AND has(shared, system)) + (tools != 0 AND has(shared, tools))

-- The longest answers.
completion_tokens

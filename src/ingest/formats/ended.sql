-- One vocabulary for why an answer ended, OpenAI's.
transform(
    reason,
    ['end_turn', 'stop_sequence', 'completed', 'max_tokens', 'max_output_tokens', 'tool_use', 'refusal'],
    ['stop', 'stop', 'stop', 'length', 'length', 'tool_calls', 'content_filter'],
    reason
)

map(
    'temperature', request.temperature,
    'top_p', request.top_p,
    'top_k', request.top_k,
    'max_tokens', coalesce(request.max_tokens, request.max_completion_tokens, request.max_output_tokens),
    'n', request.n,
    'logprobs', request.logprobs,
    'top_logprobs', request.top_logprobs,
    'logit_bias', request.logit_bias,
    'presence_penalty', request.presence_penalty,
    'frequency_penalty', request.frequency_penalty,
    'stream', request.stream,
    'seed', request.seed,
    'stop', if(substring(coalesce(request.stop, request.stop_sequences), 1, 1) IN ('{', '['), coalesce(request.stop, request.stop_sequences), toJSONString(coalesce(request.stop, request.stop_sequences))),
    'response_format', request.response_format,
    'reasoning_effort', toJSONString(coalesce(request.reasoning_effort, request.reasoning.effort)),
    'thinking', request.thinking,
    'tool_choice', if(substring(request.tool_choice, 1, 1) IN ('{', '['), request.tool_choice, toJSONString(request.tool_choice))
)

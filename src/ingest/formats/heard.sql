-- A message is text, or parts with text in them; an image or a call has none. Anthropic's tool results come as parts
-- of a user's message and count as the tool's words, or an agent's files would pass for a person's questions.
arrayMap(turn -> arrayStringConcat(arrayFilter(word -> word != '', arrayMap(
    part -> ifNull(part.text, ''), variantElement(turn.content, parts_type))), '\n'), turns) AS texts,
arrayMap(turn -> arrayStringConcat(arrayMap(
    part -> if(
        startsWith(ifNull(part.content, ''), '['),
        arrayStringConcat(JSONExtract(ifNull(part.content, ''), 'Array(Tuple(text String))').text, '\n'),
        ifNull(part.content, '')
    ),
    arrayFilter(part -> ifNull(part.type, '') = 'tool_result', variantElement(turn.content, parts_type))
), '\n'), turns) AS results,
firstNonDefault(
    ifNull(answer.choices[1].message.content, ''),
    ifNull(answer.choices[1].text, ''),
    arrayStringConcat(arrayFilter(word -> word != '', arrayMap(word -> ifNull(word, ''), answer.content.text)), '\n'),
    arrayStringConcat(arrayFilter(word -> word != '', arrayMap(word -> ifNull(word, ''), arrayFlatten(answer.output.content.text))), '\n')
) AS said,
firstNonDefault(
    ifNull(answer.choices[1].finish_reason, ''),
    ifNull(answer.stop_reason, ''),
    ifNull(answer.incomplete_details.reason, ''),
    if(notEmpty(answer.output), ifNull(answer.status, ''), '')
) AS reason,
-- Anthropic counts what came from the cache apart.
coalesce(
    answer.usage.prompt_tokens,
    answer.usage.input_tokens + ifNull(answer.usage.cache_read_input_tokens, 0) + ifNull(answer.usage.cache_creation_input_tokens, 0)
)::Nullable(UInt32) AS tokens_in,
coalesce(answer.usage.completion_tokens, answer.usage.output_tokens) AS tokens_out

arrayFilter(turn -> turn.1 != '', arrayMap(
    (turn, text, result) -> multiIf(
        endsWith(ifNull(turn.type, ''), '_call_output'), ('tool', ifNull(turn.output, '')),
        isNotNull(variantElement(turn.content, 'String')), (ifNull(turn.role, ''), ifNull(variantElement(turn.content, 'String'), '')),
        text = '' AND result != '', ('tool', result),
        (ifNull(turn.role, ''), text)
    ),
    turns, texts, results
))

id String,
model String,
type String,
created Nullable(String),
created_at Nullable(String),
choices Array(Tuple(message Tuple(content Nullable(String)), text Nullable(String), finish_reason Nullable(String))),
content Array(Tuple(text Nullable(String))),
output Array(Tuple(content Array(Tuple(text Nullable(String))))),
stop_reason Nullable(String),
incomplete_details Tuple(reason Nullable(String)),
status Nullable(String),
usage Tuple(
    prompt_tokens Nullable(UInt32),
    completion_tokens Nullable(UInt32),
    input_tokens Nullable(UInt32),
    output_tokens Nullable(UInt32),
    cache_read_input_tokens Nullable(UInt32),
    cache_creation_input_tokens Nullable(UInt32)
)

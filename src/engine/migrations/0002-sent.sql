-- What the first lines of a file look like that is sent to a server: only numbers, and read at once.
CREATE TABLE IF NOT EXISTS looked
(
    token UInt32,
    lines UInt64,
    votes Array(UInt64),
    is_values UInt8
)
ENGINE = {{mergeTree}}
ORDER BY token;

-- Where rejected lines of a file are that is sent to a server; text only where it is kept, and read at once.
CREATE TABLE IF NOT EXISTS located
(
    token UInt32,
    line UInt64,
    hash String,
    text String,
    offset UInt64
)
ENGINE = {{mergeTree}}
ORDER BY (token, line);

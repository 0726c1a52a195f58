-- Min-wise sketches (Broder 1997) of each exchange's last message by its user. Its shingles are runs of five
-- characters, which any script has; of a long message both ends are read. The 128 smallest keyed hashes
-- stand for all (bottom-k), and of these each of 32 permutations keeps its minimum: two messages agree in
-- about as many places as their shingles overlap (Jaccard). The table must not be read for anything but
-- comparison: 16 bits a place cannot be turned back into words.
INSERT INTO evaluate_sketch
WITH
    (kind, text) -> bitShiftRight(sipHash64Keyed(({k0:UInt64}, {k1:UInt64}), concat(kind, '\0', text)), 11) AS h,
    arrayLastIndex(role -> role = 'user', c.roles) AS last_user,
    if(last_user = 0, '', c.contents[last_user]) AS last_text,
    lowerUTF8(toValidUTF8(if(length(last_text) <= 1024, last_text, concat(substring(last_text, 1, 512), substring(last_text, -512))))) AS text,
    if(lengthUTF8(text) <= 5, [text], ngrams(text, 5)) AS shingles,
    arrayDistinct(arrayMap(shingle -> bitShiftRight(sipHash64Keyed(({k0:UInt64}, {k1:UInt64}), shingle), 32), shingles)) AS hashes,
    arraySlice(arrayPartialSort(128, hashes), 1, 128) AS smallest
SELECT
    h('account', c.account) AS account,
    c.time AS time,
    h('message', last_text) AS message,
    [{{minima}}] AS minhash
FROM
(
{{canonical}}
) AS c
WHERE c.problem = '' AND last_text != ''

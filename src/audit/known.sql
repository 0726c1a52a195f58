-- Accounts and organisations as the store knows them. A name that is none hashes to nothing in it.
WITH (kind, text) -> bitShiftRight(sipHash64Keyed(({k0:UInt64}, {k1:UInt64}), concat(kind, '\0', text)), 11) AS h
SELECT name, h({kind:String}, name) AS hash FROM (SELECT arrayJoin({names:Array(String)}) AS name)

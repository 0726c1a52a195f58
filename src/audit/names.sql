-- Real account ids, opened with the deployment's key.
SELECT account, decrypt('aes-256-gcm', substring(sealed, 13), {seal:String}, substring(sealed, 1, 12)) AS name
FROM account_name FINAL
WHERE {all:Bool} OR account IN {accounts:Array(UInt64)}

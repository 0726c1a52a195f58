SELECT
    (SELECT uniqExact(name) FROM source_file FINAL) AS files,
    (SELECT sumMap(map(format, exchanges)) FROM source_file FINAL WHERE format != '') AS formats,
    (SELECT count() FROM exchange) AS exchanges,
    (SELECT sum(exchanges - expired) FROM source_file FINAL) - exchanges AS duplicates,
    (SELECT sumMap(rejected) FROM source_file FINAL) AS reasons

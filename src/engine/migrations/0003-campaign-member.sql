-- Who was flagged, in which campaign and when: written for the length of one report's queries.
CREATE TABLE IF NOT EXISTS campaign_member
(
    account UInt64,
    campaign UInt32,
    flagged_at Int64
)
ENGINE = Memory;

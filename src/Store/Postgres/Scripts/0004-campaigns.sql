-- Submitted campaigns (ICampaignStore): lists cut into chunks, claims on them, what is done, reports. Sizes and reasons: deploy/capacity.md.
-- A campaign's number is from the sequence campaign_number of the head database: visits name it.

CREATE TABLE submitted_campaign (
    campaign int PRIMARY KEY,
    stage smallint NOT NULL,            -- CampaignStage
    priority int NOT NULL,
    submitted_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,       -- while it is submitted: when its last part came
    ended_at timestamptz,
    lines bigint NOT NULL,
    repositories bigint NOT NULL,
    duplicates bigint NOT NULL,
    rejected bigint NOT NULL,
    reported bigint NOT NULL,           -- lines of the report that have numbers
    parts int NOT NULL,                 -- of the submission that were written; -1: given up, to be removed
    list_order text NOT NULL) WITH (fillfactor = 50);

CREATE INDEX submitted_campaign_open ON submitted_campaign (priority) WHERE stage IN (0, 1, 2);

-- What is to be done. A chunk may be claimed from free_at on: the end of a lease, of a silence, or at once; so a claim that expired
-- comes back by itself. The lines lie beside the row, so a checkpoint rewrites some 200 bytes, and touches no index but at the end.
CREATE TABLE campaign_chunk (
    spot bigint NOT NULL,               -- first 8 bytes of SHA-256 of the host; 0: of many hosts
    free_at timestamptz NOT NULL,
    campaign int NOT NULL,
    number int NOT NULL,
    claim int NOT NULL,                 -- times claimed: the fence
    checkpoint int NOT NULL,            -- number of the last one of this claim
    repositories int NOT NULL,
    left_over int NOT NULL,             -- without outcome
    closed boolean NOT NULL,
    holder text,                        -- null: nobody
    host text NOT NULL,                 -- empty: many
    done bytea NOT NULL,                -- a bit a line
    lines bytea NOT NULL,
    CHECK (NOT closed OR left_over = 0),
    CHECK (length(done) = (repositories + 7) / 8),
    PRIMARY KEY (campaign, number)) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Compressed already; and out of the row as soon as they are large.
ALTER TABLE campaign_chunk ALTER lines SET STORAGE EXTERNAL;
ALTER TABLE campaign_chunk ALTER done SET STORAGE PLAIN;

-- Claims go from host to host by it, whatever each has before it.
CREATE INDEX campaign_chunk_open ON campaign_chunk (campaign, spot, number) WHERE NOT closed;

-- Sums of checkpoints, in shards: processes do not wait for each other, and reading them costs the same for any size.
CREATE TABLE campaign_count (
    campaign int NOT NULL,
    shard smallint NOT NULL,
    counter smallint NOT NULL,          -- below 64: an outcome's number; others: CampaignCounter
    value bigint NOT NULL,
    PRIMARY KEY (campaign, shard, counter)) WITH (fillfactor = 50);

-- Reports, in parts. A part gets the numbers of its lines when somebody reads, not when it is written: writers would wait for each other.
CREATE TABLE campaign_report (
    place bigint GENERATED ALWAYS AS IDENTITY,
    first bigint NOT NULL DEFAULT 0,    -- number of its first line; 0: none yet
    campaign int NOT NULL,
    lines int NOT NULL,
    body bytea NOT NULL) WITH (fillfactor = 90);

ALTER TABLE campaign_report ALTER body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX campaign_report_new ON campaign_report (campaign, place) WHERE first = 0;
CREATE UNIQUE INDEX campaign_report_numbered ON campaign_report (campaign, first) WHERE first > 0;

CREATE TABLE host_pause (
    spot bigint PRIMARY KEY,
    braked_until timestamptz,
    silent_until timestamptz,
    host text NOT NULL);

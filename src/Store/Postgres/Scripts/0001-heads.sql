-- The head database (IHeadStore). Sizes and reasons: deploy/capacity.md. All times: milliseconds since 1970, UTC.

-- Numbers visits in the order in which they are written, and repositories by their first one.
CREATE SEQUENCE place;

-- One row a repository, rewritten by each of its visits. Hash partitions: each is vacuumed and reindexed by itself within
-- minutes, and its index stays small. The key, not the URL, is indexed: 16 bytes whatever the URL's length; the row verifies.
-- A quarter of each page is left free, so that a visit's new row version stays on its page (HOT) and touches no index.
CREATE TABLE repository (
    key uuid NOT NULL,                  -- first 16 bytes of SHA-256 of the URL
    number bigint NOT NULL,             -- order of first appearance: a place that no other repository's number is
    last_visit bigint NOT NULL,         -- visit.place; 0: never visited
    visited_at bigint NOT NULL,         -- 0: never
    succeeded_at bigint,
    retry_at bigint,
    clone_bytes bigint,
    visits int NOT NULL,                -- also the number of the last visit
    campaign int NOT NULL,
    failures int NOT NULL,
    outcome smallint NOT NULL,          -- 0: never visited
    snapshot bytea,                     -- id of the heads
    digest uuid,                        -- of the advertisement that they were made from
    url text NOT NULL,
    moved_to text,
    evidence text,                      -- RepositoryEvidence.ToText
    PRIMARY KEY (key)) PARTITION BY HASH (key);

CREATE INDEX repository_number ON repository (number);

-- A log: appended to only, in order of place. A repository's visits are a chain, newest first, from repository.last_visit by
-- "before". No column is null: a bitmap of nulls would cost eight bytes a row.
CREATE TABLE visit (
    place bigint NOT NULL,
    repository bigint NOT NULL,         -- repository.number
    before bigint NOT NULL,             -- place of the same repository's visit before; 0: none
    started_at bigint NOT NULL,
    bytes_received bigint NOT NULL,
    elapsed_ms int NOT NULL,
    number int NOT NULL,                -- 1, 2, 3… for each repository
    campaign int NOT NULL,
    outcome smallint NOT NULL,
    heads_before bytea NOT NULL,        -- empty: as after; one zero byte: this visit brought the first heads; else the id that it replaced
    PRIMARY KEY (place)) PARTITION BY RANGE (place);

-- What most visits do not have.
CREATE TABLE visit_more (
    place bigint NOT NULL,
    objects bigint NOT NULL,
    clone_bytes bigint,
    retry_at bigint,
    moved_to text,
    error text,
    PRIMARY KEY (place)) PARTITION BY RANGE (place);

-- Snapshots, each content once; one that differs little from the repository's snapshot before is a delta to it (SnapshotCodec).
CREATE TABLE snapshot (
    key uuid NOT NULL,                  -- first 16 bytes of the id
    base uuid,                          -- key of the snapshot that the body is a delta to
    tail int NOT NULL,                  -- last four bytes of the id, big-endian
    size int NOT NULL,                  -- bytes of the body before compression
    depth smallint NOT NULL,            -- deltas to the next whole one
    compressed boolean NOT NULL,        -- zlib
    body bytea NOT NULL,
    PRIMARY KEY (key)) PARTITION BY HASH (key);

-- Heads that other systems recorded.
CREATE TABLE imported (
    key uuid NOT NULL,                  -- repository.key
    oids bytea NOT NULL,
    PRIMARY KEY (key)) PARTITION BY HASH (key);

-- Compressed already, or not to be compressed.
ALTER TABLE snapshot ALTER body SET STORAGE EXTERNAL;
ALTER TABLE imported ALTER oids SET STORAGE EXTERNAL;

DO $$
DECLARE
    partitions CONSTANT int := 32;
BEGIN
    FOR i IN 0 .. partitions - 1 LOOP
        EXECUTE format(
            'CREATE TABLE repository_%s PARTITION OF repository FOR VALUES WITH (MODULUS %s, REMAINDER %s) '
            -- A visit in each row makes a dead version of each: vacuum when a twentieth changed, where the default waits for a fifth.
            'WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
            to_char(i, 'FM00'), partitions, i);
        EXECUTE format('CREATE TABLE snapshot_%s PARTITION OF snapshot FOR VALUES WITH (MODULUS %s, REMAINDER %s)', to_char(i, 'FM00'), partitions, i);
        EXECUTE format('CREATE TABLE imported_%s PARTITION OF imported FOR VALUES WITH (MODULUS %s, REMAINDER %s)', to_char(i, 'FM00'), partitions, i);
    END LOOP;
END $$;

-- Makes the partitions of the log in which this place and the places after it are: 2^26 visits each (about 7 GB). To attach
-- a table that is made already stops nobody who writes, where CREATE … PARTITION OF would.
CREATE FUNCTION add_visit_partitions(upto bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    width CONSTANT bigint := 67108864;
    part text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('actors visits ' || current_schema(), 0));
    FOR i IN upto / width .. upto / width + 1 LOOP
        FOREACH part IN ARRAY ARRAY['visit', 'visit_more'] LOOP
            IF to_regclass(format('%s_%s', part, to_char(i, 'FM00000'))) IS NULL THEN
                EXECUTE format('CREATE TABLE %s_%s (LIKE %s INCLUDING ALL)', part, to_char(i, 'FM00000'), part);
                EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s_%s FOR VALUES FROM (%s) TO (%s)', part, part, to_char(i, 'FM00000'), i * width, (i + 1) * width);
            END IF;
        END LOOP;
    END LOOP;
END $$;

SELECT add_visit_partitions(1);

-- Repositories by the outcome of their last visit, kept with every group of visits: counting them would read everything. In
-- shards, so that processes do not wait for each other; the sum counts.
CREATE TABLE outcome_count (
    outcome smallint NOT NULL,
    shard smallint NOT NULL,
    repositories bigint NOT NULL,
    PRIMARY KEY (outcome, shard)) WITH (fillfactor = 50);

-- One row a process that writes: the last group of visits that it committed. It tells whether a commit whose answer was lost
-- was made, and its lock keeps that question waiting while the commit is under way.
CREATE TABLE head_writer (
    writer uuid PRIMARY KEY,
    groups bigint NOT NULL,
    seen_at timestamptz NOT NULL) WITH (fillfactor = 50);

CREATE TABLE forge_host (
    host text COLLATE "C" PRIMARY KEY,
    profile text,
    silent_until bigint,
    throttling text);

CREATE SEQUENCE campaign_number AS int;

CREATE TABLE campaign (
    number int PRIMARY KEY,
    key text NOT NULL,
    started_at bigint NOT NULL,
    lines_done bigint NOT NULL,
    outcomes bigint[] NOT NULL,         -- counts, in order of the outcomes' numbers from 0
    ended_at bigint);

-- The catalogue of a shared store: which packs are visible, which blobs are on their way, which runs the object index has.

-- One row. Whoever makes a pack visible holds its lock until the end of the transaction, so the order of sequences is the order
-- in which packs become visible, and a reader that has seen n has seen all up to n.
CREATE TABLE catalogue (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    pack_sequence   bigint NOT NULL,
    run_generation  bigint NOT NULL
);
INSERT INTO catalogue (pack_sequence, run_generation) VALUES (0, 0);

-- Blobs on their way: a row is there before the first byte goes up, and goes in the transaction that makes them count. An
-- upload's number is part of its blobs' names and never given again, so removing what an upload left races with nobody.
CREATE SEQUENCE upload_ids;
CREATE TABLE uploads (
    id        bigint PRIMARY KEY,
    keys      text[] NOT NULL,
    process   text NOT NULL,
    begun_at  timestamptz NOT NULL
);
CREATE INDEX uploads_begun_at ON uploads (begun_at);

-- One row for each pack that was ever visible, about 150 bytes. A replaced one says which pack has its objects now: runs of the
-- object index name packs by sequence and are not rewritten when packs are merged.
CREATE TABLE packs (
    sequence      bigint PRIMARY KEY,
    upload        bigint NOT NULL UNIQUE,
    name          bytea NOT NULL,
    pack_bytes    bigint NOT NULL,
    index_bytes   bigint NOT NULL,
    objects       bigint NOT NULL,
    committed_at  timestamptz NOT NULL,
    replaces      bigint[] NOT NULL,
    replaced_by   bigint,
    replaced_at   timestamptz,
    removed_at    timestamptz
);
CREATE INDEX packs_replaced_at ON packs (replaced_at) WHERE replaced_at IS NOT NULL AND removed_at IS NULL;

-- Runs of the object index. A run has, of the oids of its range, those of the packs first_sequence to last_sequence.
CREATE TABLE index_runs (
    id              bigint PRIMARY KEY,
    generation      bigint NOT NULL,
    oid_range       integer NOT NULL,
    first_sequence  bigint NOT NULL,
    last_sequence   bigint NOT NULL,
    key             text NOT NULL,
    entries         bigint NOT NULL,
    bytes           bigint NOT NULL,
    checksum        bytea NOT NULL,
    added_at        timestamptz NOT NULL,
    replaced_at     timestamptz,
    removed_at      timestamptz
);
CREATE INDEX index_runs_live ON index_runs (oid_range) WHERE replaced_at IS NULL;
CREATE INDEX index_runs_replaced_at ON index_runs (replaced_at) WHERE replaced_at IS NOT NULL AND removed_at IS NULL;

-- Packs of ingests that are not closed, or collide: never read, never offered.
CREATE TABLE aside (
    name           text PRIMARY KEY,
    upload         bigint NOT NULL UNIQUE,
    keys           text[] NOT NULL,
    lengths        bigint[] NOT NULL,
    reason         text NOT NULL,
    colliding      text,
    missing        bytea NOT NULL,
    pack_bytes     bigint NOT NULL,
    kept_at        timestamptz NOT NULL
);

-- Work that one process does at a time. Nothing is wrong when two do it once: they are in each other's way only.
CREATE TABLE leases (
    name        text PRIMARY KEY,
    holder      text NOT NULL,
    expires_at  timestamptz NOT NULL
);

-- Processes that answer for ranges of the object index.
CREATE TABLE index_processes (
    id            bigint PRIMARY KEY,
    endpoint      text NOT NULL,
    ranges        integer[] NOT NULL,
    heartbeat_at  timestamptz NOT NULL
);

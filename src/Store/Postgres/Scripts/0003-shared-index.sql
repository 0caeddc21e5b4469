-- The shared object index: how it is split, and who may change the runs of a range.

-- One row, made with the store. Runs are of one range each, so the split never changes. The secret is known to the processes of
-- this store and nobody else: they show each other that they know it.
CREATE TABLE index_settings (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    ranges    integer NOT NULL CHECK (ranges IN (1, 2, 4, 8, 16, 32, 64, 128, 256)),
    secret    bytea NOT NULL CHECK (length(secret) = 32)
);

-- The token goes up whenever a range is taken anew, and is asked for in the transaction that lists a run: who slept longer than
-- its lease lists nothing. Rows are never removed, so a token is never given again.
CREATE TABLE index_leases (
    oid_range   integer PRIMARY KEY,
    token       bigint NOT NULL,
    process     text NOT NULL,
    expires_at  timestamptz NOT NULL
);

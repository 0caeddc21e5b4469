-- External ids: names that registries gave to what we made objects of, and contents by the plain digests of their bytes. Written after the
-- objects and the visit that they name; nothing is ever removed but a negative link that an object replaces. No foreign keys: a
-- link counts only together with the last snapshot of its package, so one too many is harmless.

-- The value first: digests spread over the table whatever their type. A row is some 110 bytes, twice that with its indexes.
CREATE TABLE extid (
    value    bytea NOT NULL,
    type     text NOT NULL,
    version  integer NOT NULL,
    target   bytea NOT NULL CHECK (length(target) IN (0, 20)),  -- empty: it is known that nothing can be made of it
    kind     smallint NOT NULL CHECK ((kind = 0) = (length(target) = 0)),  -- git's numbers of object types; 0 for no target
    PRIMARY KEY (value, type, version, target)
);

CREATE INDEX extid_target ON extid (target) WHERE kind > 0;

-- One row a content that packages brought: some 130 bytes, and as much again in its two indexes.
CREATE TABLE content (
    sha1    bytea NOT NULL CHECK (length(sha1) = 20),
    oid     bytea NOT NULL CHECK (length(oid) = 20),
    sha256  bytea NOT NULL CHECK (length(sha256) = 32),
    length  bigint NOT NULL,
    PRIMARY KEY (sha1, oid)
);

CREATE INDEX content_sha256 ON content (sha256);

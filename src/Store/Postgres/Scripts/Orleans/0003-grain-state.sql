-- State of grains. The key is a digest of all that names a grain's state: of one length whatever the names', unique, and so the base of
-- each statement's promise. The hashes that the providers pass are not needed.

CREATE TABLE orleans_state (
    key bytea PRIMARY KEY,              -- SHA-256 of service, type, both numbers and text of the grain's key, as a JSON array
    changed_at timestamptz NOT NULL,
    version int NOT NULL,
    service text NOT NULL,
    grain_type text NOT NULL,
    grain text NOT NULL,                -- for people
    payload bytea);                     -- null: cleared

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
-- No row comes back where the version is another one, or the state is there already: the providers take that for a conflict.
('WriteToStorageKey', $q$
    WITH named AS (
        SELECT sha256(convert_to(json_build_array(@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString)::text, 'UTF8')) AS key),
    changed AS (
        UPDATE orleans_state s SET payload = @PayloadBinary, changed_at = now(), version = s.version + 1
        FROM named n WHERE s.key = n.key AND s.version = @GrainStateVersion RETURNING s.version),
    added AS (
        INSERT INTO orleans_state (key, changed_at, version, service, grain_type, grain, payload)
        SELECT n.key, now(), 1, @ServiceId, @GrainTypeString, concat_ws('/', @GrainIdN0, @GrainIdN1, @GrainIdExtensionString), @PayloadBinary
        FROM named n WHERE @GrainStateVersion IS NULL
        ON CONFLICT (key) DO NOTHING RETURNING version)
    SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM added
$q$),
('ReadFromStorageKey', $q$
    SELECT payload AS PayloadBinary, version AS Version FROM orleans_state
    WHERE key = sha256(convert_to(json_build_array(@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString)::text, 'UTF8'))
$q$),
('ClearStorageKey', $q$
    UPDATE orleans_state SET payload = NULL, changed_at = now(), version = version + 1
    WHERE key = sha256(convert_to(json_build_array(@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString)::text, 'UTF8'))
        AND version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
    DELETE FROM orleans_state
    WHERE key = sha256(convert_to(json_build_array(@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString)::text, 'UTF8'))
        AND version = @GrainStateVersion
    RETURNING version + 1 AS NewGrainStateVersion
$q$);

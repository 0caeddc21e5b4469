-- Reminders of grains. A silo reads those of its part of the ring of hashes, often; the index is for that.

CREATE TABLE orleans_reminder (
    service text NOT NULL,
    grain text NOT NULL,
    name text NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL,             -- milliseconds
    hash int NOT NULL,                  -- of the grain; the providers pass an unsigned number's bits
    version int NOT NULL,
    PRIMARY KEY (service, grain, name));

CREATE INDEX orleans_reminder_hash ON orleans_reminder (service, hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', $q$
    INSERT INTO orleans_reminder AS r (service, grain, name, start_time, period, hash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (service, grain, name) DO UPDATE SET start_time = excluded.start_time, period = excluded.period, hash = excluded.hash, version = r.version + 1
    RETURNING version AS Version
$q$),
('ReadReminderRowsKey', $q$
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminder WHERE service = @ServiceId AND grain = @GrainId
$q$),
('ReadReminderRowKey', $q$
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminder WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$q$),
-- A part of the ring is without its begin and with its end.
('ReadRangeRows1Key', $q$
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminder WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash
$q$),
-- One that goes over the ring's end; with both the same, all of it.
('ReadRangeRows2Key', $q$
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM orleans_reminder WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
    WITH removed AS (
        DELETE FROM orleans_reminder WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
    SELECT count(*)::int FROM removed
$q$),
('DeleteReminderRowsKey', $q$
    DELETE FROM orleans_reminder WHERE service = @ServiceId
$q$);

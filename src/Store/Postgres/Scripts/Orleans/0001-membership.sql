-- What Orleans' ADO.NET providers (10.4) ask of a database: they read named statements from the table OrleansQuery and run them with named
-- parameters. Names of that table, its columns, its keys, the parameters and the results' columns are the providers' contract; all else
-- is ours. Unquoted names are lower case here; the providers find columns whatever their case.

CREATE TABLE OrleansQuery (
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL);

-- One row a cluster: who changes its membership moves the version on, in the same statement, or changes nothing.
CREATE TABLE orleans_cluster (
    cluster text PRIMARY KEY,
    version int NOT NULL) WITH (fillfactor = 50);

-- One row for each process that ever joined, until it is cleaned up.
CREATE TABLE orleans_silo (
    cluster text NOT NULL,
    address text NOT NULL,
    port int NOT NULL,
    generation int NOT NULL,
    status int NOT NULL,
    proxy_port int,
    start_time timestamptz NOT NULL,
    alive_time timestamptz NOT NULL,
    name text NOT NULL,
    host_name text NOT NULL,
    suspect_times text,
    PRIMARY KEY (cluster, address, port, generation)) WITH (fillfactor = 50);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $q$
    WITH added AS (
        INSERT INTO orleans_cluster (cluster, version) VALUES (@DeploymentId, 0) ON CONFLICT (cluster) DO NOTHING RETURNING 1)
    SELECT count(*)::int FROM added
$q$),
-- A second one with the same version waits for the first one's row, then finds another version there, and does nothing.
('InsertMembershipKey', $q$
    WITH moved AS (
        UPDATE orleans_cluster SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT FROM orleans_silo WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster),
    added AS (
        INSERT INTO orleans_silo (cluster, address, port, generation, status, proxy_port, start_time, alive_time, name, host_name)
        SELECT cluster, @Address, @Port, @Generation, @Status, @ProxyPort, @StartTime, @IAmAliveTime, @SiloName, @HostName FROM moved RETURNING 1)
    SELECT count(*)::int FROM added
$q$),
('UpdateMembershipKey', $q$
    WITH moved AS (
        UPDATE orleans_cluster SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND EXISTS (
            SELECT FROM orleans_silo WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster),
    changed AS (
        UPDATE orleans_silo s SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
        FROM moved m WHERE s.cluster = m.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation RETURNING 1)
    SELECT count(*)::int FROM changed
$q$),
('UpdateIAmAlivetimeKey', $q$
    UPDATE orleans_silo SET alive_time = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
-- The version comes also where there is no such process.
('MembershipReadRowKey', $q$
    SELECT c.cluster AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host_name AS HostName, s.status AS Status,
        s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime, s.alive_time AS IAmAliveTime, c.version AS Version
    FROM orleans_cluster c LEFT JOIN orleans_silo s ON s.cluster = c.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE c.cluster = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    SELECT c.cluster AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host_name AS HostName, s.status AS Status,
        s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime, s.alive_time AS IAmAliveTime, c.version AS Version
    FROM orleans_cluster c LEFT JOIN orleans_silo s ON s.cluster = c.cluster
    WHERE c.cluster = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM orleans_silo
    WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
    WITH silos AS (DELETE FROM orleans_silo WHERE cluster = @DeploymentId)
    DELETE FROM orleans_cluster WHERE cluster = @DeploymentId
$q$),
-- 6: dead (SiloStatus).
('CleanupDefunctSiloEntriesKey', $q$
    DELETE FROM orleans_silo WHERE cluster = @DeploymentId AND alive_time < @IAmAliveTime AND status = 6
$q$);

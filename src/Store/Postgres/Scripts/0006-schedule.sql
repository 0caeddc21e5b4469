-- When repositories are visited next (IScheduleStore). A row of its own, with the URL: what is scheduled may never have been visited, and
-- a visit's row version stays on its page. All times: milliseconds since 1970, UTC. Some 130 bytes a row with a URL of 50.
CREATE TABLE schedule (
    key uuid NOT NULL,                  -- first 16 bytes of SHA-256 of the URL: any range of keys is a fair sample
    due_at bigint NOT NULL,             -- of a visit that was taken: when it counts as lost
    observed_at bigint,
    told_at bigint,
    listed_at bigint,
    shape real NOT NULL,                -- of the Gamma distribution of changes a day
    exposure_days real NOT NULL,
    queue smallint NOT NULL,
    url text NOT NULL,
    PRIMARY KEY (key));

CREATE INDEX schedule_due ON schedule (queue, due_at);

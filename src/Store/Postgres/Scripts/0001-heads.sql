CREATE TABLE forge_host (host text PRIMARY KEY, profile text, silent_until bigint, throttling text);

-- What forges' listings say of repositories, and how far each listing is (IListingStore). Hints only: all of it is told again by the next
-- listing. All times: milliseconds since 1970, UTC.
CREATE TABLE listed_repository (
    url text COLLATE "C" NOT NULL,
    parent text,                        -- what it is a fork of
    size_bytes bigint,
    updated_at bigint,
    listed_at bigint NOT NULL,
    PRIMARY KEY (url));

CREATE TABLE listing (
    source text COLLATE "C" NOT NULL,
    place text,                         -- where it goes on; null: at the beginning
    repositories bigint NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint,
    PRIMARY KEY (source));

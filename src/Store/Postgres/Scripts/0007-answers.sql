-- What registries call their last answer about a package (entity tags), so that they can be asked whether it is still the same. A row counts only
-- while its digest is that of the package's last full visit; one that is missing costs an answer. Some 250 bytes a package, and 150 in its index.
CREATE TABLE answer (
    key        text PRIMARY KEY,
    digest     bytea NOT NULL CHECK (length(digest) = 16),
    validator  text NOT NULL
);

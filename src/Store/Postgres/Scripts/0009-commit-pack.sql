-- Making a pack visible in one call: the lock of the catalogue's row, which all processes of the store share, is held for as long as the
-- server needs, and not for a client's round trips.

-- The oids of a small pack, in order, 20 bytes each: whoever keeps an object index up to date need not fetch the pack's own, and whoever
-- commits learns here whether a pack that it has not seen has one of its objects. Null: many, or the pack was replaced.
ALTER TABLE packs ADD COLUMN oids bytea;

-- outcome: 0 visible, under the sequence at_sequence; 1 declined: packs that became visible after the one that was seen, up to at_sequence, are to
-- be looked at first, or a pack that was to be replaced has been; 2 given up: its upload is gone. Nothing is changed then.
-- now_at: the time of the caller's clock. Merged packs have nothing that others had not before.
CREATE FUNCTION commit_pack(
    seen bigint, upload_id bigint, pack_name bytea, pack_length bigint, index_length bigint, object_count bigint, object_ids bytea, now_at timestamptz, replaced bigint[],
    OUT outcome int, OUT at_sequence bigint) LANGUAGE plpgsql SET lock_timeout = '30s' AS $$
DECLARE
    mine bytea[];
BEGIN
    outcome := 1;
    IF object_ids IS NULL THEN
        -- Whoever is late anyway does not wait for the lock.
        SELECT c.pack_sequence INTO at_sequence FROM catalogue c;
        IF at_sequence <> seen THEN
            RETURN;
        END IF;
    ELSE
        mine := ARRAY(SELECT substring(object_ids FROM i FOR 20) FROM generate_series(1, length(object_ids), 20) i);
    END IF;

    SELECT c.pack_sequence INTO at_sequence FROM catalogue c FOR UPDATE;
    IF at_sequence <> seen AND (mine IS NULL OR EXISTS (
            SELECT FROM packs p WHERE p.sequence > seen AND cardinality(p.replaces) = 0 AND (p.oids IS NULL OR EXISTS (
                SELECT FROM generate_series(1, length(p.oids), 20) i WHERE substring(p.oids FROM i FOR 20) = ANY (mine)))))
        OR cardinality(replaced) > 0 AND cardinality(replaced) <> (SELECT count(*) FROM packs p WHERE p.sequence = ANY (replaced) AND p.replaced_by IS NULL) THEN
        RETURN;
    END IF;

    DELETE FROM uploads u WHERE u.id = upload_id;
    IF NOT FOUND THEN
        outcome := 2;
        RETURN;
    END IF;

    outcome := 0;
    at_sequence := at_sequence + 1;
    INSERT INTO packs (sequence, upload, name, pack_bytes, index_bytes, objects, committed_at, replaces, oids)
    VALUES (at_sequence, upload_id, pack_name, pack_length, index_length, object_count, now_at, replaced, object_ids);
    UPDATE packs p SET replaced_by = at_sequence, replaced_at = now_at, oids = NULL WHERE p.sequence = ANY (replaced);
    UPDATE catalogue SET pack_sequence = at_sequence;
END $$;

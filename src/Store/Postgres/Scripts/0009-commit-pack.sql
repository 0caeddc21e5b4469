-- Making a pack visible in one call: the lock of the catalogue's row, which all processes of the store share, is held for as long as the
-- server needs, and not for a client's round trips.

-- outcome: 0 visible, under the sequence at_sequence; 1 declined: the last sequence in use, at_sequence, is not the one that was seen, or a
-- pack that was to be replaced has been; 2 given up: its upload is gone. Nothing is changed then. now_at: the time of the caller's clock.
CREATE FUNCTION commit_pack(
    seen bigint, upload_id bigint, pack_name bytea, pack_length bigint, index_length bigint, object_count bigint, now_at timestamptz, replaced bigint[],
    OUT outcome int, OUT at_sequence bigint) LANGUAGE plpgsql SET lock_timeout = '30s' AS $$
BEGIN
    -- Whoever is late anyway does not wait for the lock.
    SELECT c.pack_sequence INTO at_sequence FROM catalogue c;
    IF at_sequence = seen THEN
        SELECT c.pack_sequence INTO at_sequence FROM catalogue c FOR UPDATE;
    END IF;
    outcome := 1;
    IF at_sequence <> seen
        OR cardinality(replaced) > 0 AND cardinality(replaced) <> (SELECT count(*) FROM packs p WHERE p.sequence = ANY (replaced) AND p.replaced_by IS NULL) THEN
        RETURN;
    END IF;

    DELETE FROM uploads u WHERE u.id = upload_id;
    IF NOT FOUND THEN
        outcome := 2;
        RETURN;
    END IF;

    outcome := 0;
    at_sequence := seen + 1;
    INSERT INTO packs (sequence, upload, name, pack_bytes, index_bytes, objects, committed_at, replaces)
    VALUES (at_sequence, upload_id, pack_name, pack_length, index_length, object_count, now_at, replaced);
    UPDATE packs p SET replaced_by = at_sequence, replaced_at = now_at WHERE p.sequence = ANY (replaced);
    UPDATE catalogue SET pack_sequence = at_sequence;
END $$;

-- The record. Rows come, and never change or go: the triggers stop accidents and other programs, while the chain, the
-- tree and the signatures show whoever goes around them.

PRAGMA application_id = 1953457011; -- "tocs"
PRAGMA user_version = 1;

CREATE TABLE entries (
    position INTEGER PRIMARY KEY CHECK (position >= 1),
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    at TEXT NOT NULL,
    name TEXT NOT NULL,
    surface TEXT NOT NULL,
    person TEXT,
    proof TEXT NOT NULL,
    act TEXT NOT NULL,
    kind TEXT NOT NULL,
    shape INTEGER NOT NULL,
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    body BLOB,
    salt BLOB,
    UNIQUE (stream, version)
) STRICT;

-- Was this message recorded before? One act may bring several events, so it cannot be unique here.
CREATE INDEX entries_by_act ON entries (act) WHERE act <> '';

-- The signed head after each append.
CREATE TABLE heads (
    size INTEGER PRIMARY KEY CHECK (size >= 1),
    note TEXT NOT NULL
) STRICT;

-- The public keys that ever signed here, as one word each; who wants to be sure has them from elsewhere too.
CREATE TABLE keys (
    key TEXT PRIMARY KEY
) STRICT;

CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries never change');
END;

CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries never go');
END;

-- REPLACE deletes without asking the trigger above: a row that is there already is refused before that.
CREATE TRIGGER entries_follow_one_another BEFORE INSERT ON entries
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM entries)
    OR NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM entries WHERE stream = NEW.stream)
BEGIN
    SELECT RAISE(ABORT, 'entries follow one another');
END;

CREATE TRIGGER heads_never_change BEFORE UPDATE ON heads
BEGIN
    SELECT RAISE(ABORT, 'heads never change');
END;

CREATE TRIGGER heads_never_go BEFORE DELETE ON heads
BEGIN
    SELECT RAISE(ABORT, 'heads never go');
END;

CREATE TRIGGER heads_grow BEFORE INSERT ON heads
WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM heads)
    OR NEW.size IS NOT (SELECT max(position) FROM entries)
BEGIN
    SELECT RAISE(ABORT, 'heads grow with the entries');
END;

CREATE TRIGGER keys_never_change BEFORE UPDATE ON keys
BEGIN
    SELECT RAISE(ABORT, 'keys never change');
END;

CREATE TRIGGER keys_never_go BEFORE DELETE ON keys
BEGIN
    SELECT RAISE(ABORT, 'keys never go');
END;

-- What the page and programs know people by. Rows come, change and go: nothing here is a record of anything.

CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    how TEXT NOT NULL,
    begun TEXT NOT NULL,
    ends TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS sessions_by_person ON sessions (person);

-- How often each passkey said that it was used: one that counts backwards may be a copy.
CREATE TABLE IF NOT EXISTS passkey_counts (
    credential TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT;

-- The secrets of one-time codes, which both sides must know; this file is for the server's own account alone.
CREATE TABLE IF NOT EXISTS code_secrets (
    person TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    since TEXT NOT NULL,
    step INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made TEXT NOT NULL,
    ends TEXT NOT NULL,
    used TEXT,
    UNIQUE (person, name)
) STRICT;

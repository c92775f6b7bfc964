-- What the page and programs know people by. Rows come, change and go: nothing here is a record of anything.

CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    how TEXT NOT NULL,
    begun TEXT NOT NULL,
    ends TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS sessions_by_person ON sessions (person);

"""The library's tables, as migrations: named, in order, only ever appended to. A name once released is never changed.

The database is an index: what can't be made again lies in files beside it (``objects.py``), so that a damaged index is
rebuilt from them. Times are UTC in ISO 8601.
"""

from __future__ import annotations

import re

APPLICATION_ID = 0x6D696162  # "miab": marks the file as ours

WORKS = """
CREATE TABLE works (
  number INTEGER PRIMARY KEY,              -- ties a work to its row of the search index
  id TEXT NOT NULL UNIQUE,                 -- UUID: see work.work_id
  form TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  idea TEXT NOT NULL,
  origin TEXT NOT NULL,                    -- composed | own
  place TEXT NOT NULL DEFAULT '',          -- of an own text: the file it came from
  seed INTEGER NOT NULL,
  checkpoint TEXT NOT NULL,
  checkpoint_sha256 TEXT NOT NULL,
  words INTEGER NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  removed TEXT                             -- when it was put in the trash
) STRICT;
CREATE INDEX works_by_time ON works (removed, updated DESC);
CREATE TABLE versions (
  id TEXT PRIMARY KEY,                     -- SHA-256 of what it is: see version.py
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  parent TEXT REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,                      -- composed | own | edit | alternative
  note TEXT NOT NULL,
  text TEXT NOT NULL,                      -- objects, by SHA-256
  content TEXT,
  record TEXT,
  words INTEGER NOT NULL,
  created TEXT NOT NULL,
  position INTEGER NOT NULL                -- order of arrival within the work
) STRICT;
CREATE INDEX versions_of_work ON versions (work, position);
CREATE TABLE passages (
  version TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL,                    -- of the passage's words: the same passage has the same name everywhere
  start INTEGER NOT NULL,                  -- code points in the version's text
  "end" INTEGER NOT NULL,
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX passages_by_words ON passages (sha256);
CREATE TABLE files (
  version TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_bytes ON files (sha256);
CREATE TABLE branches (
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  head TEXT NOT NULL REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (work, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE boards (
  name TEXT NOT NULL,
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  added TEXT NOT NULL,
  PRIMARY KEY (name, work)
) STRICT, WITHOUT ROWID;
"""

SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (title, idea, body, tokenize = 'porter unicode61 remove_diacritics 2');
"""

LOCKS = """
CREATE TABLE locks (
  work TEXT NOT NULL REFERENCES works (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,                   -- a line, a bar, a layer: from 1, as its form counts
  PRIMARY KEY (work, part)
) STRICT, WITHOUT ROWID;
"""

JOBS = """
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,                     -- UUID
  state TEXT NOT NULL,                     -- queued | running | paused | done | failed | cancelled
  orders TEXT NOT NULL,                    -- JSON of the order: see studio/job.py
  priority INTEGER NOT NULL,               -- higher goes first
  once TEXT UNIQUE,                        -- what its sender calls it, so that sending it again adds nothing
  worker TEXT NOT NULL DEFAULT '',         -- who carries it out
  lease REAL NOT NULL DEFAULT 0,           -- until when the worker has it, Unix seconds
  attempts INTEGER NOT NULL DEFAULT 0,
  wanted INTEGER NOT NULL DEFAULT 1,       -- 0: to be cancelled
  work TEXT NOT NULL DEFAULT '',           -- the finished work
  error TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  finished TEXT
) STRICT;
CREATE INDEX jobs_to_do ON jobs (state, priority DESC, created);
CREATE TABLE events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: a reader says after which it goes on
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                      -- queued | running | progress | done | failed | cancelled
  said TEXT NOT NULL                       -- JSON
) STRICT;
CREATE INDEX events_of_job ON events (job, number);
"""

QUEUE = """
ALTER TABLE jobs ADD COLUMN owner TEXT NOT NULL DEFAULT '';      -- the user whose it is; '' is the machine's own
ALTER TABLE jobs ADD COLUMN engine TEXT NOT NULL DEFAULT '';     -- the one asked for; '' is any worker's own
ALTER TABLE jobs ADD COLUMN position INTEGER NOT NULL DEFAULT 0; -- its place among those of one priority
ALTER TABLE jobs ADD COLUMN pausing INTEGER NOT NULL DEFAULT 0;  -- 1: to be paused
ALTER TABLE jobs ADD COLUMN progress TEXT NOT NULL DEFAULT '';   -- JSON of what was told of it last
UPDATE jobs SET position = r.n
  FROM (SELECT id AS one, row_number() OVER (ORDER BY created, id) AS n FROM jobs) AS r WHERE r.one = jobs.id;
DROP INDEX jobs_to_do;
CREATE INDEX jobs_to_do ON jobs (state, priority DESC, position, id);
CREATE INDEX jobs_of_owner ON jobs (owner, created DESC, position DESC);
CREATE TABLE steps (                       -- the journal of a job: what of it is finished
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  made_by TEXT NOT NULL,                   -- which checkpoint and miaobi: others' steps are not gone on with
  name TEXT NOT NULL,
  entry TEXT NOT NULL,                     -- JSON
  PRIMARY KEY (job, made_by, name)
) STRICT, WITHOUT ROWID;
"""

USERS = """
ALTER TABLE steps ADD COLUMN position INTEGER NOT NULL DEFAULT 0;  -- order of arrival within the job
CREATE TABLE users (
  name TEXT PRIMARY KEY,
  created TEXT NOT NULL
) STRICT;
CREATE TABLE keys (
  id TEXT PRIMARY KEY,                     -- how it is called, to take it back
  owner TEXT NOT NULL REFERENCES users (name),
  sha256 TEXT NOT NULL UNIQUE,             -- of the secret, which is kept nowhere
  scopes TEXT NOT NULL,                    -- "infer read write"
  limits TEXT NOT NULL,                    -- JSON: see studio/users.py
  created TEXT NOT NULL,
  revoked TEXT                             -- when it was taken back
) STRICT;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  entry TEXT NOT NULL,                     -- JSON: who did what, when, from where, with which outcome
  seal TEXT NOT NULL                       -- SHA-256 of the seal before and this entry
) STRICT;
"""

FRUITLESS = """
ALTER TABLE jobs ADD COLUMN fruitless INTEGER NOT NULL DEFAULT 0;  -- times it was taken up since its last finished step
"""

WORLDS = """
CREATE TABLE worlds (
  id TEXT PRIMARY KEY,                     -- UUID
  world TEXT NOT NULL,                     -- JSON of wish, bible and works: see studio/world/plan.py
  created TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT;
CREATE INDEX worlds_by_time ON worlds (updated DESC, id);
"""

TOGETHER = """
ALTER TABLE jobs ADD COLUMN whole TEXT NOT NULL DEFAULT '';  -- the world or sweep that it is a part of
CREATE INDEX jobs_of_whole ON jobs (owner, whole);
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("0001-works", WORKS),
    ("0002-search", SEARCH),
    ("0003-locks", LOCKS),
    ("0004-jobs", JOBS),
    ("0005-queue", QUEUE),
    ("0006-users", USERS),
    ("0007-fruitless", FRUITLESS),
    ("0008-worlds", WORLDS),
    ("0009-together", TOGETHER),
)

# --- PostgreSQL: the same tables; texts, files and the words to search by are its own -----------------------------

OBJECTS = """
CREATE TABLE objects (
  name TEXT PRIMARY KEY,                   -- SHA-256 of the content
  content BYTEA NOT NULL
);
CREATE TABLE descriptions (
  version TEXT PRIMARY KEY,
  content BYTEA NOT NULL                   -- JSON of what the version is, its files, when it came
);
"""

WORDS = """
CREATE TABLE search (
  number BIGINT NOT NULL REFERENCES works (number) ON DELETE CASCADE,
  part INTEGER NOT NULL,                   -- 0: title and idea; from 1: stretches of the text
  words TSVECTOR NOT NULL,
  PRIMARY KEY (number, part)
);
CREATE INDEX search_by_words ON search USING gin (words);
"""

_DIALECT = (
    (r"\) STRICT(, WITHOUT ROWID)?;", ");"),
    (r"INTEGER PRIMARY KEY( AUTOINCREMENT)?", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
    (r"\bINTEGER\b", "BIGINT"),
    (r"\bREAL\b", "DOUBLE PRECISION"),
)


def for_postgres(migrations: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the migrations as PostgreSQL takes them."""
    own = {"0001-works": _translated(WORKS) + OBJECTS, "0002-search": WORDS}
    return tuple((name, own.get(name) or _translated(sql)) for name, sql in migrations)


def _translated(sql: str) -> str:
    for pattern, replacement in _DIALECT:
        sql = re.sub(pattern, replacement, sql)
    return sql

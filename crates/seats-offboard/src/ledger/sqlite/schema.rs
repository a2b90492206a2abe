//! The tables of a ledger.

/// The version of the tables, in `PRAGMA user_version`.
pub(super) const VERSION: i32 = 1;

/// Marks a SQLite file as a ledger, in `PRAGMA application_id`: "Seat".
pub(super) const APPLICATION: i32 = 0x5365_6174;

/// The tables of a ledger, as SQL. Times are UTC in RFC 3339.
///
/// The view `record` is for people: `sqlite3 plan.ledger 'SELECT * FROM record'`.
pub const SCHEMA: &str = "\
-- The plan that the ledger belongs to; one row.
CREATE TABLE plan (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    hash   TEXT NOT NULL,  -- of the plan's document
    action TEXT NOT NULL CHECK (action IN ('reclaim', 'assign')),
    made   TEXT NOT NULL,  -- when it was made
    head   TEXT NOT NULL   -- what the plan says about itself, as JSON
);
-- The accounts of the plan.
CREATE TABLE account (
    vendor TEXT PRIMARY KEY,
    url    TEXT NOT NULL,
    tenant TEXT
);
-- Each run of the program on this ledger.
CREATE TABLE session (
    id       INTEGER PRIMARY KEY,
    operator TEXT NOT NULL,  -- the operating-system user
    program  TEXT NOT NULL,
    began    TEXT NOT NULL,
    ended    TEXT,           -- NULL while it runs, and if it was killed
    outcome  TEXT            -- how it ended
);
-- Each row of the plan, and what became of it.
CREATE TABLE row (
    id         INTEGER PRIMARY KEY,  -- its place in the plan
    decision   TEXT NOT NULL CHECK (decision IN ('change', 'nothing_held', 'not_found', 'not_decided', 'unusable')),
    line       INTEGER,  -- the line of the list of people
    person     TEXT,     -- the first identity
    name       TEXT,
    identities TEXT,     -- JSON
    vendor     TEXT,
    product    TEXT,
    sku        TEXT,
    user       TEXT,     -- as the vendor takes it
    held_since TEXT,     -- as the vendor wrote it
    text       TEXT,     -- what stands on a line that cannot be used
    why        TEXT,     -- why it is no change, as JSON
    reason     TEXT,     -- the same in words
    -- planned; begun (a request was about to be sent); or the outcome. NULL if it is no change.
    state      TEXT CHECK (state IN ('planned', 'begun', 'reclaimed', 'already_free', 'assigned', 'already_held', 'refused', 'failed', 'unknown')),
    session    INTEGER REFERENCES session (id),
    begun      TEXT,
    ended      TEXT,
    status     INTEGER,  -- the HTTP status of the last response
    request_id TEXT,     -- the vendor's
    attempts   INTEGER NOT NULL DEFAULT 0,
    message    TEXT
);
CREATE INDEX row_by_product ON row (vendor, product, sku, id) WHERE state IS NOT NULL;
-- A row for each row of the plan, with everything that an auditor asks for.
CREATE VIEW record AS
SELECT row.id, session.operator, row.begun, row.ended, row.person, row.name, row.identities, row.line,
       row.vendor, account.url AS account, account.tenant, row.product, row.sku, row.user, row.held_since,
       coalesce(row.state, row.decision) AS outcome, row.status, row.request_id, row.attempts,
       coalesce(row.message, row.reason) AS message
FROM row
LEFT JOIN session ON session.id = row.session
LEFT JOIN account ON account.vendor = row.vendor
ORDER BY row.id;
";

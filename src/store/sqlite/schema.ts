/** Written into the file's header: tells our state from any other SQLite file ("WdRm"). */
export const applicationId = 0x57_64_52_6d;

/** The format this release writes. A file of a newer one is refused, because it may hold what this one would lose. */
export const format = 1;

/**
 * `doc.indexes` repeats the rows of `idx`, so that a put knows which to drop without searching.
 * `item.ready` is the later of `due` and `lease_until`: what a claim looks for.
 * A lease is known by `fence` and `lease_version` together; a settled lease leaves the version empty.
 * `recent` and `once` are pruned from their oldest row on, a little with every flush.
 */
export const schema = `
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE doc(key TEXT PRIMARY KEY, rev TEXT NOT NULL, value TEXT NOT NULL, indexes TEXT NOT NULL) STRICT;
  CREATE TABLE idx(kind TEXT, name TEXT, value TEXT, key TEXT, PRIMARY KEY(kind, name, value, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TABLE journal(
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, hash TEXT NOT NULL, body_hash TEXT NOT NULL, body TEXT
  ) STRICT;
  CREATE TABLE item(
    queue TEXT NOT NULL, id TEXT NOT NULL, due INTEGER NOT NULL, ready INTEGER NOT NULL, body TEXT NOT NULL,
    version TEXT NOT NULL, fence INTEGER NOT NULL, lease_until INTEGER NOT NULL, lease_version TEXT NOT NULL,
    attempts INTEGER NOT NULL, PRIMARY KEY(queue, id)
  ) STRICT;
  CREATE INDEX item_ready ON item(queue, ready, id);
  CREATE TABLE recent(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL) STRICT;
  CREATE TABLE once(number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;
`;

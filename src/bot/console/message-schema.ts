/** The console's own storage: it stands in for a chat platform, which keeps what was said. */
export const messageSchema = `
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  nonce TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  thread TEXT,
  answers TEXT,
  author TEXT,
  audience TEXT,
  at INTEGER NOT NULL,
  edited INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  touched INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_channel ON messages (channel, seq);
CREATE INDEX IF NOT EXISTS messages_touched ON messages (channel, touched);
CREATE INDEX IF NOT EXISTS messages_newest ON messages (touched);
CREATE TABLE IF NOT EXISTS files (
  id TEXT PRIMARY KEY,
  message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (message, name)
) STRICT;
CREATE TABLE IF NOT EXISTS rooms (
  channel TEXT PRIMARY KEY,
  topic TEXT NOT NULL,
  secluded INTEGER NOT NULL,
  members TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS reads (
  account TEXT NOT NULL,
  channel TEXT NOT NULL,
  touched INTEGER NOT NULL,
  PRIMARY KEY (account, channel)
) STRICT;
`;

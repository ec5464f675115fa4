/** The first schema. historyIds are TEXT: 21 digits occur, and an INTEGER comes back from the driver as a wrong number. Times are milliseconds. */
export const first = `
CREATE TABLE instance (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  next_poll_at INTEGER,
  last_poll_at INTEGER,
  last_error TEXT,
  stopped_at INTEGER,
  stop_notification TEXT,
  stop_reason TEXT,
  last_success_at INTEGER,
  auth_failed_at INTEGER
);
CREATE INDEX instance_next_poll ON instance (next_poll_at);

CREATE TABLE resource (
  instance_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('history', 'collection')),
  cursor TEXT,
  cursor_at INTEGER,
  head TEXT,
  head_at INTEGER,
  first_baseline_at INTEGER,
  last_end_at INTEGER,
  gap TEXT,
  stuck TEXT,
  fingerprint TEXT,
  has_snapshot INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (instance_id, name)
) WITHOUT ROWID;

CREATE TABLE snapshot (
  instance_id INTEGER NOT NULL,
  resource TEXT NOT NULL,
  key TEXT NOT NULL,
  hash TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (instance_id, resource, key)
) WITHOUT ROWID;

CREATE TABLE emitted (
  instance_id INTEGER NOT NULL,
  resource TEXT NOT NULL,
  message_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (instance_id, resource, message_id)
) WITHOUT ROWID;
CREATE INDEX emitted_age ON emitted (instance_id, resource, at);

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  instance_id INTEGER NOT NULL,
  resource TEXT NOT NULL,
  queue TEXT NOT NULL CHECK (queue IN ('events', 'mailbox')),
  content_type TEXT NOT NULL,
  event_count INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'stored')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  first_attempt_at INTEGER,
  last_status INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  delivered_at INTEGER,
  died_at INTEGER
);
CREATE INDEX outbox_instance ON outbox (instance_id, seq);
CREATE INDEX outbox_pending ON outbox (instance_id, queue, seq) WHERE state = 'pending';
CREATE INDEX outbox_due ON outbox (instance_id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX outbox_dead ON outbox (instance_id, died_at) WHERE state = 'dead';
CREATE INDEX outbox_stored ON outbox (created_at) WHERE state = 'stored';
CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE state = 'delivered';

-- Apart from its row: an update of the row would write a body of any size once more at every attempt.
CREATE TABLE body (
  seq INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL
);

CREATE TABLE attempt (
  notification_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  duration_ms INTEGER NOT NULL,
  error TEXT,
  answer TEXT
);
CREATE INDEX attempt_notification ON attempt (notification_id);

CREATE TABLE endpoint (
  endpoint TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  rest_until INTEGER,
  rest_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  fence INTEGER NOT NULL,
  held INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  boot_id TEXT,
  pid_namespace TEXT,
  pid INTEGER,
  pid_start TEXT,
  wanted_at INTEGER
) WITHOUT ROWID;

CREATE TABLE account (
  account TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('ok', 'reauthorize', 'operator')),
  reason TEXT,
  hint TEXT,
  at INTEGER,
  grant_hash TEXT
) WITHOUT ROWID;

CREATE TABLE quota (
  scope TEXT NOT NULL,
  minute INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  PRIMARY KEY (scope, minute)
) WITHOUT ROWID;

CREATE TABLE cooldown (
  scope TEXT PRIMARY KEY,
  until INTEGER NOT NULL,
  since INTEGER NOT NULL,
  reason TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE spent (
  account TEXT NOT NULL,
  day TEXT NOT NULL,
  requests INTEGER NOT NULL,
  units INTEGER NOT NULL,
  PRIMARY KEY (account, day)
) WITHOUT ROWID;
`;

/** Who may call the API of `serve`. The secrets themselves are not kept: SHA-256 of 256 random bits cannot be guessed back. */
export const serverKey = `
CREATE TABLE server_key (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_hash TEXT NOT NULL UNIQUE,
  organization_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
);`;

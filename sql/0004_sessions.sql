-- Browser sessions. The cookie carries the company and 32 random bytes; only their SHA-256 is here.
-- The id names a session where its owner lists and ends them; it opens nothing.
CREATE TABLE sessions (
  company_id   BINARY(16)   NOT NULL,
  token_hash   BINARY(32)   NOT NULL,
  id           BINARY(16)   NOT NULL,
  user_id      BINARY(16)   NOT NULL,
  user_agent   VARCHAR(200) NOT NULL,
  address      VARCHAR(45)  NOT NULL,
  created_at   DATETIME(6)  NOT NULL,
  last_seen_at DATETIME(6)  NOT NULL,
  expires_at   DATETIME(6)  NOT NULL,
  PRIMARY KEY (company_id, token_hash),
  UNIQUE KEY session_id (company_id, id),
  KEY of_user (company_id, user_id, created_at),
  CONSTRAINT sessions_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

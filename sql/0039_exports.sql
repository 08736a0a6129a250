-- Files that people asked for with all of their company, or what is their own in it (kind). A timer's command makes
-- each (admin/exports.cc), and takes it away a day later: state says how far it is, seen_at when its maker was last
-- heard of, host where the file is. running: 1 while it is being made, of which a company has one at a time. A link
-- to the file is good once, until link_expires_at, for the session whose token_hash is link_session; only the SHA-256
-- of its random part is here.
CREATE TABLE exports (
  company_id      BINARY(16)  NOT NULL,
  id              BINARY(16)  NOT NULL,
  kind            VARCHAR(10) NOT NULL,
  state           VARCHAR(10) NOT NULL,
  running         TINYINT     NULL,
  asked_by        BINARY(16)  NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  seen_at         DATETIME(6) NULL,
  expires_at      DATETIME(6) NOT NULL,
  host            VARCHAR(64) NOT NULL,
  rows_written    BIGINT      NOT NULL,
  bytes_written   BIGINT      NOT NULL,
  link_hash       BINARY(32)  NULL,
  link_session    BINARY(32)  NULL,
  link_expires_at DATETIME(6) NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY one_at_a_time (company_id, running),
  KEY of_user (company_id, asked_by, created_at, id),
  KEY of_kind (company_id, kind, created_at),
  KEY by_state (company_id, state, created_at),
  KEY by_end (company_id, expires_at),
  CONSTRAINT exports_user FOREIGN KEY (company_id, asked_by) REFERENCES users (company_id, id),
  CONSTRAINT exports_kind CHECK (kind IN ('company', 'personal')),
  CONSTRAINT exports_state CHECK (state IN ('queued', 'running', 'done', 'failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

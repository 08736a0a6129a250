-- Tokens for scripts: a user in a company, read-only or not. Only the SHA-256 of the random part.
CREATE TABLE api_tokens (
  company_id   BINARY(16)   NOT NULL,
  id           BINARY(16)   NOT NULL,
  token_hash   BINARY(32)   NOT NULL,
  user_id      BINARY(16)   NOT NULL,
  name         VARCHAR(100) NOT NULL,
  access       VARCHAR(10)  NOT NULL,
  created_at   DATETIME(6)  NOT NULL,
  expires_at   DATETIME(6)  NOT NULL,
  last_used_at DATETIME(6)  NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY token_hash (company_id, token_hash),
  KEY of_user (company_id, user_id, created_at),
  CONSTRAINT api_tokens_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id),
  CONSTRAINT api_tokens_access CHECK (access IN ('read', 'write'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

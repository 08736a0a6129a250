-- Links with which a person chooses a new password, once and within the hour. They are for whom the user here is: one
-- person has one link in all of their companies. Only the SHA-256 of a link's random part is here. created_by: the
-- admin who made it, with whose right it ends; NULL: an operator.
CREATE TABLE password_links (
  company_id BINARY(16)  NOT NULL,
  id         BINARY(16)  NOT NULL,
  token_hash BINARY(32)  NOT NULL,
  user_id    BINARY(16)  NOT NULL,
  created_by BINARY(16)  NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY token_hash (company_id, token_hash),
  UNIQUE KEY of_user (company_id, user_id),
  KEY maker (company_id, created_by),
  KEY by_end (company_id, expires_at),
  CONSTRAINT password_links_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id),
  CONSTRAINT password_links_maker FOREIGN KEY (company_id, created_by) REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

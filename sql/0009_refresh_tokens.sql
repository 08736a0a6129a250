-- The refresh tokens of JSON web tokens that were handed out. Using one replaces it by another of
-- the same family; one that is used again betrays a thief, and the family ends.
CREATE TABLE refresh_tokens (
  company_id BINARY(16)  NOT NULL,
  id         BINARY(16)  NOT NULL,
  family     BINARY(16)  NOT NULL COMMENT 'the id of the first',
  user_id    BINARY(16)  NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  used_at    DATETIME(6) NULL,
  PRIMARY KEY (company_id, id),
  KEY of_family (company_id, family),
  KEY of_user (company_id, user_id),
  CONSTRAINT refresh_tokens_family FOREIGN KEY (company_id, family)
    REFERENCES refresh_tokens (company_id, id) ON DELETE CASCADE,
  CONSTRAINT refresh_tokens_user FOREIGN KEY (company_id, user_id)
    REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

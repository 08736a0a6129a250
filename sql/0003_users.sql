-- A person in one company: this row is the membership. Removal sets removed_at and cuts the tie to
-- the person; the row stays, because messages refer to it.
-- token_generation goes up when all tokens of the user must end: a JSON web token carries it.
CREATE TABLE users (
  company_id       BINARY(16)   NOT NULL,
  id               BINARY(16)   NOT NULL,
  identity_id      BINARY(16)   NULL,
  username         VARCHAR(150) NOT NULL,
  role             VARCHAR(10)  NOT NULL,
  token_generation INT          NOT NULL DEFAULT 0,
  created_at       DATETIME(6)  NOT NULL,
  removed_at       DATETIME(6)  NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY one_membership (company_id, identity_id),
  KEY oldest_first (company_id, created_at, id),
  KEY memberships (identity_id),
  CONSTRAINT users_company FOREIGN KEY (company_id) REFERENCES companies (company_id),
  CONSTRAINT users_identity FOREIGN KEY (identity_id) REFERENCES identities (id),
  CONSTRAINT users_role CHECK (role IN ('admin', 'staff'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

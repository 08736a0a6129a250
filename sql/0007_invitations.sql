-- Links with which people join a company. Only the SHA-256 of a link's random part is here.
CREATE TABLE invitations (
  company_id BINARY(16)   NOT NULL,
  id         BINARY(16)   NOT NULL,
  token_hash BINARY(32)   NOT NULL,
  role       VARCHAR(10)  NOT NULL,
  username   VARCHAR(150) NOT NULL DEFAULT '',
  uses_left  INT          NOT NULL,
  created_by BINARY(16)   NOT NULL,
  created_at DATETIME(6)  NOT NULL,
  expires_at DATETIME(6)  NOT NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY token_hash (company_id, token_hash),
  KEY in_order (company_id, created_at, id),
  KEY inviter (company_id, created_by),
  CONSTRAINT invitations_inviter FOREIGN KEY (company_id, created_by)
    REFERENCES users (company_id, id),
  CONSTRAINT invitations_role CHECK (role IN ('admin', 'staff'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

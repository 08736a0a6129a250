-- Logins by JSON web token. Each is a family: the access tokens that were handed out and the refresh
-- tokens, one after the other, until expires_at, which no refresh puts off. A web token is good as
-- long as its family's row is here.
CREATE TABLE token_families (
  company_id BINARY(16)  NOT NULL,
  id         BINARY(16)  NOT NULL,
  user_id    BINARY(16)  NOT NULL,
  created_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (company_id, id),
  KEY of_user (company_id, user_id),
  CONSTRAINT token_families_user FOREIGN KEY (company_id, user_id)
    REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

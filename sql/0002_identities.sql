-- Who can log in, over all companies: the only global table besides bookkeeping.
-- username_key is the name in NFKC and case-folded, so that 'Ann' and 'ann' are one name; folding
-- can triple a name's length. Comparison is by bytes (utf8mb4_bin), here and in every table.
-- chose_password says that the person chose the password: one that an admin gave must be changed
-- before the person can join a second company, or that admin could log in there.
CREATE TABLE identities (
  id                 BINARY(16)   NOT NULL,
  username_key       VARCHAR(450) NOT NULL,
  username           VARCHAR(150) NOT NULL,
  password_hash      VARCHAR(128) NOT NULL,
  chose_password     TINYINT      NOT NULL,
  default_company_id BINARY(16)   NOT NULL,
  created_at         DATETIME(6)  NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY username_key (username_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

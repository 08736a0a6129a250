-- What happened to the security of a company: who came in, who was let in or kept out, and by whom.
-- Rows are only ever added: the application's account may neither change nor delete them.
-- actor_id is the user who did it; NULL: an operator, or somebody who is not known. user_id is the
-- user whom it is about.
CREATE TABLE audit (
  company_id BINARY(16)   NOT NULL,
  id         BINARY(16)   NOT NULL,
  date       DATETIME(6)  NOT NULL,
  event      VARCHAR(40)  NOT NULL,
  actor_id   BINARY(16)   NULL,
  actor      VARCHAR(150) NOT NULL,
  user_id    BINARY(16)   NULL,
  detail     VARCHAR(255) NOT NULL,
  address    VARCHAR(45)  NOT NULL,
  request_id VARCHAR(64)  NOT NULL,
  PRIMARY KEY (company_id, id),
  KEY of_actor (company_id, actor_id),
  KEY of_user (company_id, user_id),
  CONSTRAINT audit_company FOREIGN KEY (company_id) REFERENCES companies (company_id),
  CONSTRAINT audit_actor FOREIGN KEY (company_id, actor_id) REFERENCES users (company_id, id),
  CONSTRAINT audit_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

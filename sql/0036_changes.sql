-- What changed for whom, for some minutes: streams of events at other hosts are woken by these rows, and streams whose
-- right has ended are closed by them. The time is the database's own, and `login` what auth/sessions.h knows it by.
CREATE TABLE changes (
  company_id BINARY(16)    NOT NULL,
  id         BINARY(16)    NOT NULL,
  what       VARCHAR(10)   NOT NULL,
  user_id    BINARY(16)    NULL,
  other_id   BINARY(16)    NULL,
  login      VARBINARY(32) NOT NULL,
  date       DATETIME(6)   NOT NULL,
  PRIMARY KEY (company_id, id),
  KEY by_date (date, id),
  KEY of_user (company_id, user_id),
  KEY of_other (company_id, other_id),
  CONSTRAINT changes_company FOREIGN KEY (company_id) REFERENCES companies (company_id),
  CONSTRAINT changes_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id),
  CONSTRAINT changes_other FOREIGN KEY (company_id, other_id) REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

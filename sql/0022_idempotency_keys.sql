-- What was asked for with an Idempotency-Key, which is the id of the row that was made. The digest is
-- of the route, of who asked, and of the fields that were given, without passwords. A row is good for
-- 30 days (app::idempotency_days); older ones are looked at no more and may be deleted: by_age finds
-- them.
CREATE TABLE idempotency_keys (
  company_id BINARY(16)  NOT NULL,
  id         BINARY(16)  NOT NULL,
  digest     BINARY(32)  NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (company_id, id),
  KEY by_age (company_id, created_at),
  CONSTRAINT idempotency_keys_company FOREIGN KEY (company_id) REFERENCES companies (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

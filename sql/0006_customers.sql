-- The customers of a company. The keys in lower case make e-mail addresses unique and names findable
-- without case.
CREATE TABLE customers (
  company_id BINARY(16)   NOT NULL,
  id         BINARY(16)   NOT NULL,
  name       VARCHAR(100) NOT NULL,
  email      VARCHAR(254) NOT NULL,
  phone      VARCHAR(30)  NOT NULL,
  notes      MEDIUMTEXT   NOT NULL,
  created_at DATETIME(6)  NOT NULL,
  updated_at DATETIME(6)  NOT NULL,
  name_key   VARCHAR(100) AS (LOWER(name)) STORED,
  email_key  VARCHAR(254) AS (LOWER(email)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY email_key (company_id, email_key),
  KEY in_order (company_id, created_at, id),
  CONSTRAINT customers_company FOREIGN KEY (company_id) REFERENCES companies (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

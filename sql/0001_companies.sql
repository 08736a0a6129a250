-- The tenants. A company's own row carries its id under the name that every other table uses.
CREATE TABLE companies (
  company_id BINARY(16)   NOT NULL,
  name       VARCHAR(100) NOT NULL,
  address    VARCHAR(250) NOT NULL,
  created_at DATETIME(6)  NOT NULL,
  PRIMARY KEY (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

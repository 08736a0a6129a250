-- Which rows of a company were written while it is moved to another installation (src/db/capture.h): noted by triggers
-- in the transaction that writes, deleted when they are copied. row_key: the row's primary key after the company, its
-- columns one after the other. number: of no other note (UUID_SHORT), by which it is deleted; AUTO_INCREMENT would need a
-- key that begins with it, and that key would be taken in place of the company's.
CREATE TABLE move_notes (
  company_id BINARY(16)    NOT NULL,
  table_name VARCHAR(40)   NOT NULL,
  number     BIGINT        NOT NULL,
  row_key    VARBINARY(32) NOT NULL,
  PRIMARY KEY (company_id, table_name, number),
  CONSTRAINT move_notes_company FOREIGN KEY (company_id) REFERENCES companies (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- From where a person came in lately: what strangers try elsewhere keeps nobody out there. The key
-- is a digest of the person and the address, so neither is kept here. It belongs to no company: a
-- login comes before there is one.
CREATE TABLE known_addresses (
  id      BINARY(32)  NOT NULL,
  last_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY last_at (last_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How often something was tried within a window of time: failed logins of a name or an address,
-- sign-ups of an address. The key is a digest of what is counted, so no names are kept here. It
-- belongs to no company: before a login there is none.
CREATE TABLE throttles (
  id         BINARY(32)  NOT NULL,
  count      INT         NOT NULL,
  started_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY started_at (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

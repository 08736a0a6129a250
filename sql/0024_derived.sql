-- With which rules the program made what it derives from other columns; where they are not today's,
-- it is made anew (`partywall rebuild`).
CREATE TABLE derived (
  what    VARCHAR(40)  NOT NULL,
  rules   VARCHAR(100) NOT NULL,
  made_at DATETIME(6)  NOT NULL,
  PRIMARY KEY (what)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

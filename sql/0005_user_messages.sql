-- Messages between two people of one company. The composite foreign keys make a message across
-- companies impossible (error 1452), whatever the code does.
-- Each of the three keys serves one list: what I sent, what I received, what one sent to the other.
CREATE TABLE user_messages (
  company_id BINARY(16)  NOT NULL,
  id         BINARY(16)  NOT NULL,
  from_user  BINARY(16)  NOT NULL,
  to_user    BINARY(16)  NOT NULL,
  text       MEDIUMTEXT  NOT NULL,
  date       DATETIME(6) NOT NULL,
  read_at    DATETIME(6) NULL,
  PRIMARY KEY (company_id, id),
  KEY sent (company_id, from_user, date, id),
  KEY received (company_id, to_user, date, id),
  KEY conversation (company_id, from_user, to_user, date, id),
  KEY unread (company_id, to_user, read_at),
  CONSTRAINT messages_sender FOREIGN KEY (company_id, from_user) REFERENCES users (company_id, id),
  CONSTRAINT messages_recipient FOREIGN KEY (company_id, to_user) REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

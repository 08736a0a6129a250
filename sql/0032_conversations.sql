-- For each of two people who ever wrote to each other: the last message between them, either way, and how
-- many that the other one sent are unread. Written with the message and with what marks it as read, in the
-- order that src/app/conversations.h says; nothing refers to it. The program fills it at the end of
-- `partywall migrate`, and again with `partywall upgraded`: the release before does not write it.
CREATE TABLE conversations (
  company_id   BINARY(16)  NOT NULL,
  user_id      BINARY(16)  NOT NULL,
  other_id     BINARY(16)  NOT NULL,
  last_message BINARY(16)  NOT NULL,
  last_date    DATETIME(6) NOT NULL,
  unread       INT         NOT NULL,
  PRIMARY KEY (company_id, user_id, other_id),
  KEY by_date (company_id, user_id, last_date, last_message),
  KEY of_other (company_id, other_id),
  KEY of_message (company_id, last_message),
  CONSTRAINT conversations_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id),
  CONSTRAINT conversations_other FOREIGN KEY (company_id, other_id) REFERENCES users (company_id, id),
  CONSTRAINT conversations_message FOREIGN KEY (company_id, last_message) REFERENCES user_messages (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

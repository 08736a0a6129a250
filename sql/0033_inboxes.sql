-- How many messages somebody has not read: the sum over their conversations. Whoever writes a message to
-- them, or marks one, locks this row first; in `users` the foreign keys of the message would wait for it.
CREATE TABLE inboxes (
  company_id BINARY(16) NOT NULL,
  user_id    BINARY(16) NOT NULL,
  unread     INT        NOT NULL,
  PRIMARY KEY (company_id, user_id),
  CONSTRAINT inboxes_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

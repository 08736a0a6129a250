-- What somebody has not read of one other person: it is marked as read from here, without a look at what
-- was read already, and counted.
ALTER TABLE user_messages
  ADD KEY unread_from (company_id, to_user, from_user, read_at, date, id);

-- What somebody has not read yet, in the order of lists.
ALTER TABLE user_messages
  DROP KEY unread,
  ADD KEY unread (company_id, to_user, read_at, date, id);

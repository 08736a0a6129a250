-- The sessions of somebody in the order of lists, also where two began at the same moment.
ALTER TABLE sessions
  DROP KEY of_user,
  ADD KEY of_user (company_id, user_id, created_at, id);

-- The two orders in which people are listed, without those that were removed. The first has all that
-- a list shows, so that nothing else is read for it.
ALTER TABLE users
  ADD KEY present (company_id, removed_at, created_at, id, username, role),
  ADD KEY by_name (company_id, removed_at, username, id);

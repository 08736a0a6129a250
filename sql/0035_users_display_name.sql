-- What people are called for others to read, in one company; empty where nothing is given. It is not
-- unique, so it is always shown beside the username. The key has, as before, all that a list shows.
ALTER TABLE users
  ADD COLUMN display_name VARCHAR(100) NOT NULL DEFAULT '',
  DROP KEY present,
  ADD KEY present (company_id, removed_at, created_at, id, username, role, display_name);

-- A family is a row of its own, and ends by statements: no row takes others along by itself, which
-- MySQL 9 does not do for a table that refers to itself.
ALTER TABLE refresh_tokens
  DROP FOREIGN KEY refresh_tokens_family,
  ADD CONSTRAINT refresh_tokens_of_family FOREIGN KEY (company_id, family)
    REFERENCES token_families (company_id, id);

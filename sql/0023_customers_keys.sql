-- The keys become ordinary columns, which the program makes (base::search_key): SQL's LOWER folds
-- some letters in another way. Folding can triple a text's length. What was there stays until the
-- program has made it anew, at the end of `partywall migrate`.
-- email_twin is 0 but for a row whose e-mail address folds to the key of an older row's: such rows
-- are kept and found, and numbered, so that all others still have an address for themselves.
ALTER TABLE customers
  MODIFY name_key VARCHAR(300) NOT NULL,
  MODIFY email_key VARCHAR(762) NOT NULL,
  ADD COLUMN email_twin INT NOT NULL DEFAULT 0,
  DROP KEY email_key,
  ADD UNIQUE KEY email_key (company_id, email_key, email_twin);

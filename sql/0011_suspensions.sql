-- Since when an operator keeps a company's people out; NULL: not at all. Their rows stay as they are.
ALTER TABLE companies ADD COLUMN suspended_at DATETIME(6) NULL;

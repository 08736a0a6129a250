-- While an archive is read into a company, and nobody sees it yet: until when the import has to go on or be given
-- up. NULL: it is whole. What was given up stays unseen.
ALTER TABLE companies ADD COLUMN importing_until DATETIME(6) NULL;

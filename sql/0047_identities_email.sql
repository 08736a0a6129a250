-- A person's e-mail address, in all of their companies. email: one of which they have shown that it is theirs, since
-- email_verified_at; email_key: the same as it is compared. Several people may have one. new_email: waits for that;
-- new_email_token: the SHA-256 of the link that was sent there, good until new_email_ends_at; NULL: not sent yet.
ALTER TABLE identities
  ADD COLUMN email             VARCHAR(254) NULL,
  ADD COLUMN email_key         VARCHAR(254) NULL,
  ADD COLUMN email_verified_at DATETIME(6)  NULL,
  ADD COLUMN new_email         VARCHAR(254) NULL,
  ADD COLUMN new_email_token   BINARY(32)   NULL,
  ADD COLUMN new_email_ends_at DATETIME(6)  NULL,
  ADD KEY by_email (email_key, email_verified_at, id),
  ALGORITHM=INPLACE, LOCK=NONE;

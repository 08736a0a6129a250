-- The second factor of a person, in all of their companies. factor_secret: what the codes are made of, sealed with a
-- key that is no row; factor_step: the step of time of the last code that was taken, which is good no more; NULL: the
-- person has not shown yet that they have the secret. recovery_codes: a SHA-256 each, one after the other.
-- factor_ended_at: since when it is off without the person having done that, until they are told.
ALTER TABLE identities
  ADD COLUMN factor_secret   VARBINARY(64)  NULL,
  ADD COLUMN factor_step     BIGINT         NULL,
  ADD COLUMN recovery_codes  VARBINARY(320) NOT NULL DEFAULT '',
  ADD COLUMN factor_ended_at DATETIME(6)    NULL,
  ALGORITHM=INPLACE, LOCK=NONE;

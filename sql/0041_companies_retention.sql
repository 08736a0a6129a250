-- For how many days a company keeps its messages; 0 is for ever. A company that keeps them shorter than before
-- loses the first ones at messages_kept_until, some days after somebody said so (src/app/company.cc); NULL where
-- nobody ever did.
ALTER TABLE companies
  ADD COLUMN messages_days       INT         NOT NULL DEFAULT 0,
  ADD COLUMN messages_kept_until DATETIME(6) NULL,
  ALGORITHM=INPLACE, LOCK=NONE;

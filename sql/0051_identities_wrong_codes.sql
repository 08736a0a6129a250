-- The wrong codes of the second factor that were entered beside the person's right password, and that no login has told
-- them of: how many, and when the last one was.
ALTER TABLE identities
  ADD COLUMN wrong_codes    BIGINT      NOT NULL DEFAULT 0,
  ADD COLUMN wrong_codes_at DATETIME(6) NULL,
  ALGORITHM=INPLACE, LOCK=NONE;

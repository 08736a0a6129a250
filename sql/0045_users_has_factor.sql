-- Whether the person has a second factor that is on: what identities says, where each request of the person in this
-- company finds it. Kept by whoever switches it on or off.
ALTER TABLE users ADD COLUMN has_factor TINYINT NOT NULL DEFAULT 0,
  ALGORITHM=INPLACE, LOCK=NONE;

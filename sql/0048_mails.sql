-- Mails that wait to be sent by `partywall mail`. There is no secret in them: what a mail says, and the link in it, is
-- made when it is sent. identity_id: whom it is about; all zero: whoever has the address, which nobody need have. The
-- next attempt is made at next_at.
CREATE TABLE mails (
  id            BINARY(16)   NOT NULL,
  kind          VARCHAR(20)  NOT NULL,
  recipient     VARCHAR(254) NOT NULL,
  recipient_key VARCHAR(254) NOT NULL,
  identity_id   BINARY(16)   NOT NULL,
  attempts      INT          NOT NULL,
  next_at       DATETIME(6)  NOT NULL,
  created_at    DATETIME(6)  NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY one_of_each (identity_id, kind, recipient_key),
  KEY by_turn (next_at, id),
  KEY by_age (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

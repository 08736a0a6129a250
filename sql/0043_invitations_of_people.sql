-- Whom an invitation is for, where that is somebody who is in the company and cannot log in, as an import leaves
-- people: who accepts it becomes that user, and no new one. One person has one.
ALTER TABLE invitations
  ADD COLUMN for_user BINARY(16) NULL,
  ADD UNIQUE KEY of_user (company_id, for_user),
  ADD CONSTRAINT invitations_user FOREIGN KEY (company_id, for_user) REFERENCES users (company_id, id),
  ALGORITHM=INPLACE, LOCK=NONE;

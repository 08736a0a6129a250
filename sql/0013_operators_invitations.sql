-- An invitation that an operator made has no user who made it.
ALTER TABLE invitations MODIFY created_by BINARY(16) NULL;

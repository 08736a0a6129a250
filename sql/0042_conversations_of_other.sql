-- Both keys of a conversation name one row, so that one that goes is found without a look at those of other people.
ALTER TABLE conversations
  DROP KEY of_other,
  ADD UNIQUE KEY of_other (company_id, other_id, user_id),
  ALGORITHM=INPLACE, LOCK=NONE;

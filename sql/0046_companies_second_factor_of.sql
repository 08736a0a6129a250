-- Of whom the company wants a second factor: 'nobody' or 'admins', who are kept out without one.
ALTER TABLE companies ADD COLUMN second_factor_of VARCHAR(8) NOT NULL DEFAULT 'nobody',
  ALGORITHM=INPLACE, LOCK=NONE;

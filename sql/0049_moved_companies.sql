-- A company on its way to another installation (src/admin/move.h). moving_to: its id there, from the beginning on.
-- moving_until: when its triggers note nothing any more, unless the move goes on. read_only_since: for ten seconds from
-- then on nothing of it may be changed here. moved_to: its address there.
ALTER TABLE companies
  ADD COLUMN moving_to VARBINARY(16) NULL,
  ADD COLUMN moving_until DATETIME(6) NULL,
  ADD COLUMN read_only_since DATETIME(6) NULL,
  ADD COLUMN moved_to VARCHAR(250) NULL,
  ALGORITHM=INPLACE, LOCK=NONE;

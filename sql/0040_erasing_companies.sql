-- When a company is erased whose admin asked for that; until then its admins may come in, to keep it or to export it.
-- NULL: it stays.
ALTER TABLE companies ADD COLUMN erase_at DATETIME(6) NULL, ALGORITHM=INPLACE, LOCK=NONE;

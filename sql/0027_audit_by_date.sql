-- `partywall clean` deletes the oldest.
ALTER TABLE audit ADD KEY by_date (company_id, date);

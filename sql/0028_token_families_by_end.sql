-- `partywall clean` goes by when rows expire, and touches no others.
ALTER TABLE token_families ADD KEY by_end (company_id, expires_at);

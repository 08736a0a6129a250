-- `partywall clean` goes by when rows expire, and touches no others.
ALTER TABLE refresh_tokens ADD KEY by_end (company_id, expires_at);

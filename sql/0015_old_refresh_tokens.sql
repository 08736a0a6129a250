-- Tokens from before there were families name none: their clients log in again.
DELETE FROM refresh_tokens;

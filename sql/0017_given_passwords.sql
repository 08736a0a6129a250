-- Whether an admin or operator has ever set the person's password, and so may know ways in that it
-- opened. Only choosing a new one while joining a further company takes this back.
ALTER TABLE identities ADD COLUMN password_given TINYINT NOT NULL DEFAULT 1;

-- Whether an admin or operator has ever set the person's password, and so may know ways in that it
-- opened. Nothing takes this back: whoever knows the password could choose another in their name.
ALTER TABLE identities ADD COLUMN password_given TINYINT NOT NULL DEFAULT 1;

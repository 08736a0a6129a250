-- It said that the last change was the person's own, which somebody who knows the password can make.
ALTER TABLE identities DROP COLUMN chose_password;

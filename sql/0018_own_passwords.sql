-- Who signed up, or joined by an invitation with a name and password of their own, and has had no
-- password set by anybody else since; the audit tells. Their user's id is older than the identity's:
-- with everybody else the identity was there first.
UPDATE identities i SET i.password_given = 0
 WHERE EXISTS (
         SELECT 1 FROM users u
           JOIN audit a ON a.company_id = u.company_id AND a.user_id = u.id AND a.actor_id = u.id
          WHERE u.identity_id = i.id AND u.id < i.id
            AND a.event IN ('company.create', 'invitation.accept'))
   AND NOT EXISTS (
         SELECT 1 FROM users u
           JOIN audit a ON a.company_id = u.company_id AND a.user_id = u.id
          WHERE u.identity_id = i.id AND a.event = 'user.password'
            AND (a.actor_id IS NULL OR a.actor_id <> u.id));

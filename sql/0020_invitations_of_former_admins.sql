-- An invitation ends with its maker's right to make it.
DELETE i FROM invitations i
  JOIN users u ON u.company_id = i.company_id AND u.id = i.created_by
 WHERE u.role <> 'admin' OR u.removed_at IS NOT NULL;

"""tests/api/one_of_each.py — a company that has a row in each table, made through the API where that makes any."""
from client import PASSWORD


def make_one_of_each(stack):
    """Makes it, with rows of one person; answers the company's admin, and that colleague's id."""
    admin, person = stack.client().sign_up(), stack.client()
    admin.must(200, admin.send("PATCH", admin.colleague["url"], {"role": "admin"}))  # as who invites is
    name = {"username": admin.colleague["username"], "password": PASSWORD}
    message = {"to_user": admin.colleague["url"], "text": "x"}
    person.must(200, person.post("/api/v1/auth/login/", name))
    person.must(200, stack.client().post("/api/v1/auth/token/", name))
    leaving = stack.client()  # the end of a login is a change
    leaving.must(200, leaving.post("/api/v1/auth/login/", name))
    assert leaving.post("/api/v1/auth/logout/", {}).status == 204
    person.must(201, person.post("/api/v1/auth/api-tokens/", {"name": "script", "access": "read"}))
    admin.must(201, admin.post("/api/v1/user-messages/", message,
                               headers={"Idempotency-Key": "c2d7c7a4-3a8c-4f1b-9df1-0d6d8a2f8f11"}))
    admin.must(201, admin.post("/api/v1/customers/", {"name": "One", "email": "one@x.example"}))
    admin.must(201, admin.post("/api/v1/accounts/invitations/", {"role": "staff"}))
    export = person.must(201, person.post("/api/v2/exports/", {"kind": "personal"}))
    assert stack.type_in("exports")[0] == 0
    person.must(201, person.post(f"/api/v2/exports/{export['id']}/link", {"current_password": PASSWORD}))
    admin.must(201, admin.post(f"/api/v2/accounts/users/{admin.colleague['id']}/password-link", {}))
    stack.as_owner("INSERT INTO move_notes (company_id, table_name, number, row_key)"
                   f" VALUES ({literal(admin.company)}, 'users', 1, {literal(admin.colleague['id'])});")
    return admin, admin.colleague["id"]


def literal(id):
    """An id as SQL writes it."""
    return f"0x{id.replace('-', '')}"

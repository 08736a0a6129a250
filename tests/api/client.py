"""tests/api/client.py — callers: through nginx as a browser or script, and straight FastCGI."""
import collections
import http.client
import io
import json
import socket
import struct
import uuid

PASSWORD = "Tumbling-Sloth-7!"  # little in common with names of hexadecimal digits
JSON = "application/json"


class Answer(collections.namedtuple("Answer", "status headers body")):
    """A status, the headers as http.client's message, and the bytes of the body."""

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.text)


def read_answer(connection, method="GET"):
    with http.client.HTTPResponse(connection, method=method) as response:
        response.begin()
        return Answer(response.status, response.headers, response.read())


class Client:
    """A caller through nginx, with the cookies of a browser."""

    def __init__(self, port):
        self.port, self.cookies = port, {}
        self.source = "127.0.0.1"  # the address that nginx sees

    def raw(self, request, method="GET"):
        """Sends bytes as they are; they should ask for the connection to be closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            return read_answer(connection, method)

    def head(self, method, path, *headers):
        """The bytes of a request's head, written by hand, with the cookies and the CSRF token."""
        lines = [f"{method} ".encode() + as_bytes(path) + b" HTTP/1.1",
                 b"Host: 127.0.0.1:%d" % self.port, b"Connection: close"]
        lines += [f"{name}: {value}".encode() for name, value in self.credentials().items()]
        return b"\r\n".join([*lines, *map(as_bytes, headers)]) + b"\r\n\r\n"

    def credentials(self):
        """The headers that say who is calling."""
        headers = {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        if "csrftoken" in self.cookies:
            headers["X-CSRFToken"] = self.cookies["csrftoken"]
        return headers

    def send(self, method, path, body=None, headers=None, kind=JSON):
        """`body`: bytes or text as they are, anything else as JSON. `headers` win over ours."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        ours = self.credentials() | ({"Content-Type": kind} if body is not None else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60,
                                                source_address=(self.source, 0))
        try:
            connection.request(method, path, as_bytes(body), ours | (headers or {}))
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path, headers=None):
        return self.send("GET", path, headers=headers)

    def post(self, path, body, headers=None, kind=JSON):
        return self.send("POST", path, body, headers, kind)

    def sign_up(self):
        """Makes a company, logs its admin in and adds a colleague; returns self."""
        self.name = "a" + uuid.uuid4().hex[:12]
        user = {"username": self.name, "password": PASSWORD}
        account = self.must(201, self.post(
            "/api/v1/accounts/", {"company": {"name": "Acme", "address": ""}, "user": user}))
        self.company, self.user = account["company"]["id"], account["user"]
        self.must(200, self.post("/api/v1/auth/login/", user))
        self.colleague = self.must(201, self.post(
            "/api/v1/accounts/users/", {**user, "username": "b" + self.name}))
        return self

    @staticmethod
    def must(status, answer):
        assert answer.status == status, answer
        return answer.json()


def as_bytes(text):
    return text.encode() if isinstance(text, str) else text


class FastCgi:
    """A connection to the workers' socket, to say what nginx never would."""

    BEGIN, PARAMS, STDIN = 1, 4, 5

    def __init__(self, path):
        family = socket.AF_INET if isinstance(path, tuple) else socket.AF_UNIX
        self.connection = socket.socket(family)
        self.connection.settimeout(60)
        self.connection.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    @staticmethod
    def record(kind, content):
        return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content

    def begin(self, method, uri, length=0, **params):
        """Sends everything but the body. A list is a parameter that comes more than once."""
        params = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "CONTENT_TYPE": JSON,
                  "CONTENT_LENGTH": length, "REQUEST_SCHEME": "http", "REMOTE_ADDR": "127.0.0.1",
                  "REQUEST_ID": uuid.uuid4().hex, "HTTP_HOST": "localhost", **params}
        pairs = [(as_bytes(key), as_bytes(each if isinstance(each, bytes) else str(each)))
                 for key, value in params.items()
                 for each in (value if isinstance(value, list) else [value])]
        text = b"".join(struct.pack(">II", len(key) | 1 << 31, len(value) | 1 << 31) + key + value
                        for key, value in pairs)
        self.connection.sendall(self.record(self.BEGIN, struct.pack(">HB5x", 1, 0)))
        self.stream(self.PARAMS, text)
        self.connection.sendall(self.record(self.PARAMS, b""))

    def stream(self, kind, text):
        for start in range(0, len(text), 65535):
            self.connection.sendall(self.record(kind, text[start:start + 65535]))

    def end(self):
        """Ends the body and returns the answer."""
        self.connection.sendall(self.record(self.STDIN, b""))
        with self.connection.makefile("rb") as stream:
            reply = b""
            while len(header := stream.read(8)) == 8:
                kind, length, padding = struct.unpack(">xBxxHBx", header)
                content = stream.read(length + padding)[:length]
                reply += content if kind == 6 else b""
        head, _, body = reply.partition(b"\r\n\r\n")
        headers = http.client.parse_headers(io.BytesIO(head + b"\r\n\r\n"))
        return Answer(int(headers.get("Status", "0").split()[0]), headers, body)

    def ask(self, method, uri, body=b"", length=None, **params):
        """One whole request; returns its answer. `length` is what is declared of the body."""
        with self:
            self.begin(method, uri, len(body) if length is None else length, **params)
            self.stream(self.STDIN, body)
            return self.end()



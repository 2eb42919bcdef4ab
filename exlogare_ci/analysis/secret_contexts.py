"""Secrets known by the words round them: assignments, URLs, headers, key blocks, options."""

from exlogare_ci.analysis.secret_rule import SecretRule

# A value ends at a quote, a space or what closes the construct round it; `$`, `%`, `<`, `*` and `[` at its
# start are placeholders (a variable, or a secret that somebody masked already).
_BARE_VALUE = rb"([^\s\"'\\,;&()<>\[\]{}$%*|`][^\s\"'\\,;&()<>\[\]{}|`]{5,127})"
_DOUBLE_QUOTED = rb'\\{0,2}"([^"\\\r\n$%<*\[{][^"\\\r\n]{5,127})'
_SINGLE_QUOTED = rb"'([^'\r\n$%<*\[{][^'\r\n]{5,127})"
_VALUE = rb"(?:" + _DOUBLE_QUOTED + rb"|" + _SINGLE_QUOTED + rb"|" + _BARE_VALUE + rb")"

# What may follow the key word in a name. Names such as PASSWORD_FILE, tokenType or tokens hold no secret.
_NAME_TAIL = (
    rb"(?!(?:[a-z0-9_.-]{0,32}[_.-])?(?:name|file|path|dir|url|uri|type|id|ids|len|length|count|size|max|min|ttl|expiry"
    rb"|expires|expiration|age|policy|version|izer|s|at|on|in|field|header|prefix|format|status|store|provider|class"
    rb"|arn|hash|digest)['\"\\ \t]{0,4}[:=])[a-z0-9_.-]{0,32}"
)
_ASSIGN = rb"['\"\\]{0,3}[ \t]{0,8}(?:=>|:=|==?|:)[ \t]{0,8}"
_ASSIGNMENT = _NAME_TAIL + _ASSIGN + _VALUE

_URL_USER_SCAN = rb"://[^\s/@]*@"  # nearly every line of a log holds ://, few an @ in the authority behind it

CONTEXTS: tuple[SecretRule, ...] = (
    SecretRule(
        id="private_key",
        literals=(b"-----BEGIN ",),
        boundary=False,
        pattern=rb"-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
        ends=b"-----END ",
        matches=(
            b"-----BEGIN RSA PRIVATE KEY-----\n{s64}\n{s40}==\n-----END RSA PRIVATE KEY-----",
            b"2026-01-02T03:04:05Z -----BEGIN OPENSSH PRIVATE KEY-----\r\n2026-01-02T03:04:05Z {s70}\r\n",
            rb'"key": "-----BEGIN PRIVATE KEY-----\n{s64}\n-----END PRIVATE KEY-----\n"',
            b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{s64}\n=kX9Q\n-----END PGP PRIVATE KEY BLOCK-----",
        ),
        non_matches=(
            b"-----BEGIN CERTIFICATE-----\n{s64}\n-----END CERTIFICATE-----",
            b"-----BEGIN PUBLIC KEY-----\n{s64}\n-----END PUBLIC KEY-----",
        ),
        source="https://www.rfc-editor.org/rfc/rfc7468",
    ),
    SecretRule(
        id="url_token",
        scan=_URL_USER_SCAN,
        boundary=False,
        pattern=rb"://([A-Za-z0-9_.~-]{20,255})(?::(?:x-oauth-basic|x-access-token)?)?@",
        check="token",
        matches=(b"remote: https://{h40}@github.com/org/repo", b"https://{h40}:x-oauth-basic@github.com/o/r"),
        non_matches=(b"ssh://git-codecommit-user-name@host/x", b"https://git@github.com/o/r"),
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    SecretRule(
        id="url_password",
        scan=_URL_USER_SCAN,
        # Greedy to the last @ before the path: passwords with an unescaped @ are common.
        boundary=False,
        pattern=rb"://[^\s/:@?#\"'<>\\\[]{0,128}:([^\s/?#\"'<>\\$*\[{][^\s/?#\"'<>\\]{2,255})@",
        matches=(
            b"git clone https://ci-bot:{a20}@git.example.org/app.git",
            b"postgres://app:s3cr3t@db:5432/app",
            b"redis://:hunter22@cache:6379",
        ),
        non_matches=(
            b"https://user:${TOKEN}@host/x",
            b"https://user:***@host/x",
            b"http://localhost:8080/a@b",
            b"ssh://git@github.com:22/a/b.git",
        ),
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    SecretRule(
        id="authorization",
        literals=(b"authorization",),
        caseless=True,
        boundary=False,
        pattern=rb"authorization['\"\\]{0,3}[ \t]{0,8}[:=,][ \t]{0,8}['\"\\]{0,3}(?:b'|b\")?"
        rb"(?:(?:basic|bearer|token|digest|apikey|negotiate|bot)[ \t]{1,8})?"
        rb"([A-Za-z0-9+/._~-]{8,1024}={0,2})",
        check="token",
        matches=(
            b"> Authorization: Basic {s30}==",
            b"authorization: token {h40}",
            b"{'Authorization': 'Bearer {b43}'}",
        ),
        non_matches=(
            b"Authorization: Bearer ***",
            b"Authorization: Bearer $TOKEN",
            b"authorization: required for this registry",
        ),
        source="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2",
    ),
    SecretRule(
        id="bearer",
        literals=(b"bearer ",),
        caseless=True,
        boundary=False,
        pattern=rb"bearer {1,8}([A-Za-z0-9._~+/-]{16,1024}={0,2})",
        check="token",
        matches=(b"curl -H 'X-Auth: Bearer {b43}'",),
        non_matches=(
            b'WWW-Authenticate: Bearer realm="https://auth.docker.io/token"',
            b"bearer authentication-is-off",
        ),
        source="https://www.rfc-editor.org/rfc/rfc6750#section-2.1",
    ),
    SecretRule(
        id="password",
        literals=(b"password", b"passwd", b"passphrase", b"_pwd", b"_pass"),
        caseless=True,
        boundary=False,
        pattern=rb"(?:password|passwd|passphrase|_pwd|_pass)" + _ASSIGNMENT,
        check="password",
        matches=(
            b"DB_PASSWORD=hunter22 make test",
            b'"password": "correct horse 9"',
            b"spring.datasource.password: Tr0ub4dor!",
            b"MYSQL_ROOT_PASSWD='x1y2z3!!'",
            rb"{\"password\":\"q7WmZ3xK\"}",
        ),
        non_matches=(
            b"password: string",
            b"password=$DB_PASSWORD",
            b"password=********",
            b"PASSWORD_FILE=/run/secrets/db1",
            b"password: None",
            b"Invalid password: please try again",
            b"AssertionError: password == expected_password",
            b"password: /etc/app/secret1",
            b"password = get_password1()",
        ),
        source="https://cwe.mitre.org/data/definitions/532.html",
    ),
    SecretRule(
        id="secret",
        literals=(b"secret", b"token", b"apikey", b"api_key", b"api-key", b"access_key", b"accesskey",
                  b"private_key", b"credential", b"auth_key", b"authkey", b"signing_key", b"encryption_key",
                  b"master_key"),
        caseless=True,
        boundary=False,
        pattern=rb"(?:secret|(?<!publickey)token|api[_-]?key|access_?key|private_key|credential|auth_?key|signing_key"
        rb"|encryption_key|master_key)"
        + _ASSIGNMENT,
        check="token",
        matches=(
            b"aws_secret_access_key = {s40}",
            b"export API_KEY={h32}",
            b"//registry.npmjs.org/:_authToken={h36}",
            b'client_secret: "{b40}"',
            b"?access_token={a40}&x=1",
        ),
        non_matches=(
            b"SyntaxError: Unexpected token: identifier",
            b"token: ${{ secrets.GITHUB_TOKEN }}",
            b"token=***",
            b"secretName: my-app-tls",
            b"max_tokens: 4096000000",
            b"token_type: bearer_token_type_1",
            b"private_key: /home/build/.ssh/id_ed25519",
            b"const token: Promise = null",
            b"Culture=neutral, PublicKeyToken={h16}",
            b"org.example:credentials-binding:jar:523.vd859a_4b_122e6",
        ),
        source="https://cwe.mitre.org/data/definitions/532.html",
    ),
    SecretRule(
        id="cli_option",
        literals=(b"--password", b"--passwd", b"--token", b"--secret", b"--api-key", b"--apikey",
                  b"--access-token", b"--auth-token", b"--client-secret", b"--secret-key", b"--passphrase"),
        boundary=False,
        pattern=rb"--(?:password|passwd|token|secret|api-?key|access-token|auth-token|client-secret|secret-key"
        rb"|passphrase)[ \t]{1,8}" + _VALUE,
        check="password",
        matches=(b"docker login -u ci --password hunter22 reg", b'vault login --token "{a26}"'),
        non_matches=(
            b"docker login --password-stdin",
            b"--token TOKEN  your token",
            b"npm publish --token $NPM_TOKEN",
        ),
        source="https://docs.docker.com/reference/cli/docker/login/",
    ),
    SecretRule(
        id="curl_user",
        literals=(b" -u ", b" --user "),
        boundary=False,
        pattern=rb" (?:-u|--user) {1,4}[\"']?[^\s:\"'$]{1,64}:([^\s:\"'$*<{\[][^\s:\"']{5,127})",
        check="password",
        matches=(b"+ curl -fsS -u ci-bot:hunter22 https://nexus.example.org/",),
        non_matches=(b"docker run -u 100000:100000 alpine", b"curl -u $USER:$PASS https://x", b"id -u root"),
        source="https://curl.se/docs/manpage.html#-u",
    ),
    SecretRule(
        id="netrc",
        literals=(b"machine ",),
        boundary=False,
        pattern=rb"machine[ \t]{1,8}[^\s]{1,255}[ \t]{1,8}login[ \t]{1,8}[^\s]{1,255}[ \t]{1,8}"
        rb"password[ \t]{1,8}([^\s$*\[][^\s]{3,255})",
        check="password",
        matches=(b"machine api.heroku.com login me@example.org password {h36}",),
        non_matches=(b"machine learning login page password field", b"machine a login b password $PW"),
        source="https://everything.curl.dev/usingcurl/netrc.html",
    ),
    SecretRule(
        id="docker_auth",
        literals=(b'"auth"', b"_auth"),
        boundary=False,
        pattern=rb"(?:\"auth\"|_auth)[ \t]{0,8}[:=][ \t]{0,8}\"?([A-Za-z0-9+/]{16,1024}={0,2})",
        check="token",
        matches=(b'"auth": "{s30}=="', b"//npm.example.org/:_auth={s30}=="),
        non_matches=(b'"auth": "required"', b"_auth=true"),
        source="https://docs.docker.com/reference/cli/docker/login/#credential-stores",
    ),
)  # fmt: skip

"""Security headers on every answer, static files included."""

from flask import Flask, Response, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=63072000; includeSubDomains"


def install(app: Flask, *, secure: bool) -> None:
    """Set the headers on every answer of `app`; HSTS when it is served by TLS."""

    wanted = {**HEADERS, "Strict-Transport-Security": HSTS} if secure else HEADERS
    always = [(name, name.lower(), value) for name, value in wanted.items()]

    def add(response: Response) -> Response:
        present = {name.lower() for name, _value in response.headers}
        for name, lowered, value in always:
            if lowered not in present:
                response.headers.add(name, value)  # which does not search all of them once more
        if request.path.startswith("/staff"):
            response.headers["Cache-Control"] = "no-store"
        elif "cache-control" not in present:
            response.headers.add("Cache-Control", "no-store" if response.status_code >= 400 else "no-cache")
        return response

    app.after_request(add)

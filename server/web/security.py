"""Headers that keep a browser from doing what we did not ask for.

Source: OWASP Secure Headers; CSP 3 (nonce with strict-dynamic); Trusted Types.
"""

__all__ = ["HEADERS", "OVER_HTTPS", "api_policy", "page_policy"]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Over plain http they mean nothing, and a browser complains of the second.
OVER_HTTPS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_NOWHERE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def page_policy(nonce: str) -> str:
    """Content-Security-Policy of a page: our own files, and the scripts this answer names.

    Svelte builds its templates through the one policy named here; nothing else may write HTML.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types svelte-trusted-html",
        )
    )


def api_policy() -> str:
    """Content-Security-Policy of everything that is no page: it can do nothing, even if opened."""
    return _NOWHERE

"""A filter for Swift, loaded by its proxy: requests without a signature, addressed as S3 does.

Swift's S3 layer leaves them alone, so ``/bucket/key`` would lead nowhere. This only says whose bucket
is meant; whether anyone may read it remains for Swift to decide.
"""


def filter_factory(_defaults, *, account, **_more):
    def make(app):
        def unsigned(environ, start_response):
            signed = "HTTP_AUTHORIZATION" in environ or "Signature=" in environ.get(
                "QUERY_STRING", ""
            )
            if not signed:
                environ["PATH_INFO"] = f"/v1/{account}{environ['PATH_INFO']}"
            return app(environ, start_response)

        return unsigned

    return make

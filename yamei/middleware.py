"""What every request passes before it reaches a door."""


def drop_nul(get_response):
    """Take NUL characters out of the query string: no database stores them, no search means them."""

    def middleware(request):
        request.META["QUERY_STRING"] = (
            request.META["QUERY_STRING"].replace("%00", "").replace("\0", "")
        )
        return get_response(request)

    return middleware

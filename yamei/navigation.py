"""What every page needs around its content."""


def page_frame(request):
    return {}

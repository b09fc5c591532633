"""Static files under names that carry their content's hash, the modules inside scripts too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Assets(CompressedManifestStaticFilesStorage):
    """Rewrites ``import "./x.js"`` to the hashed name, so that browsers never mix two releases."""

    support_js_module_import_aggregation = True
    # The own modules only: vendored scripts import nothing, and their comments look as if.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
    max_post_process_passes = 12  # one per level of imports

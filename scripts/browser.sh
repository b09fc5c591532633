#!/usr/bin/env bash
# Chromium for the browser tests, a Chinese font for it, gettext for the catalogue check.
set -u
need=()
command -v chromium >/dev/null || need+=(chromium)
command -v xgettext >/dev/null || need+=(gettext)
fc-list :lang=zh 2>/dev/null | grep -q . || need+=(fonts-wqy-microhei)
command -v pdftoppm >/dev/null || need+=(poppler-utils)
[ ${#need[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ]; then
  echo "Installing from Debian: ${need[*]}"
  log=$(mktemp)
  apt-get update -qq >"$log" 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >>"$log" 2>&1 && { rm -f "$log"; exit 0; }
  tail -5 "$log"
fi
echo "=============================================================================="
echo "NOT INSTALLED: ${need[*]}. Browser tests will be SKIPPED. To run them:"
echo "  sudo apt-get install ${need[*]}"
echo "=============================================================================="
[ "${CI:-}" = true ] && exit 1
exit 0

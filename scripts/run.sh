#!/usr/bin/env bash
# Set up what is missing, then start pages and clock together on this machine. Ctrl+C ends both.
#   PORT (8000)  HOST (127.0.0.1)  DEMO=0 starts without demo data  DEMO_PASSWORD  VAR_DIR (var)
set -euo pipefail
cd "$(dirname "$0")/.."
export PORT="${PORT:-8000}" HOST="${HOST:-127.0.0.1}" PYTHONUNBUFFERED=1
export PUBLIC_URL="${PUBLIC_URL:-http://127.0.0.1:$PORT}"
py=.venv/bin/python

if ! command -v python3 >/dev/null || ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "需要 Python 3.11 或更新：sudo apt install python3 python3-venv"; exit 1
fi
case "$PORT" in
  ''|*[!0-9]*) echo "PORT=$PORT 不是端口号，请用数字，如 PORT=8001 make run"; exit 1 ;;
esac
if ! python3 - "$HOST" "$PORT" <<'PY'
import socket, sys
family, kind, proto, _, address = socket.getaddrinfo(sys.argv[1], int(sys.argv[2]), type=socket.SOCK_STREAM)[0]
with socket.socket(family, kind, proto) as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(address)
    except OSError as error:
        print(error)
        sys.exit(1)
PY
then
  echo "端口 $HOST:$PORT 用不了(多半已被占用)。请换一个：PORT=$((PORT + 1)) make run"; exit 1
fi

if [ ! -x "$py" ]; then
  echo "[1/3] 建立 Python 环境 .venv"
  if ! python3 -m venv .venv >/tmp/yamei-venv.$$ 2>&1; then
    cat /tmp/yamei-venv.$$; rm -rf .venv /tmp/yamei-venv.$$
    echo "请先安装：sudo apt install python3-venv，然后再运行 make run"; exit 1
  fi
  rm -f /tmp/yamei-venv.$$
fi
wanted="$("$py" -c 'import hashlib, sys; print(hashlib.sha256(open("requirements.txt", "rb").read() + sys.version.encode()).hexdigest())')"
if [ "$(cat .venv/.requirements 2>/dev/null || true)" != "$wanted" ]; then
  echo "[2/3] 安装所需的包(第一次约一分钟)"
  "$py" -m pip install --quiet --disable-pip-version-check -r requirements.txt || {
    echo "安装没有完成。请检查网络或公司内部的软件源，然后再运行 make run"; exit 1
  }
  echo "$wanted" > .venv/.requirements
fi

echo "[3/3] 准备数据库与页面文件"
umask 077  # the database and the photos are for this account alone
"$py" manage.py first_start
exec .venv/bin/honcho --env /dev/null start

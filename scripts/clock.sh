#!/usr/bin/env bash
# The clock of the embedded default: one Celery worker with its own beat. Should it die it starts
# again after a few seconds, so that pages stay open meanwhile; TERM or Ctrl+C ends it for good.
set -u
cd "$(dirname "$0")/.."
schedule="${VAR_DIR:-var}/celerybeat-schedule"
child=
stop() {
  trap '' TERM INT
  [ -n "$child" ] && kill -TERM "$child" 2>/dev/null && wait "$child"
  exit 0
}
trap stop TERM INT
while true; do
  # Beat rings for the first time after a minute; what fell due meanwhile need not wait for it.
  .venv/bin/python manage.py remind >/dev/null &
  wait $!
  .venv/bin/celery -q -A yamei worker -B -P solo --concurrency 1 --schedule "$schedule" \
    --without-gossip --without-mingle --without-heartbeat --loglevel "${CLOCK_LOG:-WARNING}" &
  child=$!
  wait "$child"
  echo "提醒进程已停止(代码 $?)，3 秒后重新启动"
  child=
  sleep 3 &
  wait $!
done

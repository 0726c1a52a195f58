#!/bin/sh
# Every night from cron: reads what is new, keeps ninety days, and leaves a page to read when something
# was flagged. LOGS and REPORTS are folders; the data directory must stay, for its secret ties nights
# together.
set -u
: "${LOGS:?the folder of logs}" "${REPORTS:?the folder for reports}"

stillwatch audit "$LOGS" --since-last --retain 90d --data "$REPORTS/data" --quiet \
  --json "$REPORTS/report.json" --html "$REPORTS/report.html"

case $? in
  0) ;;
  3) echo "Stillwatch: something was flagged; a person should read $REPORTS/report.html" ;;
  *) echo "Stillwatch: the audit failed" >&2; exit 1 ;;
esac

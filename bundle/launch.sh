#!/bin/sh
# 检查年报：把报告拖到窗口里，或者把报告的路径写在后面
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
message=no-python.txt
code=1
for name in python3.13 python3.12 python3.11 python3 python; do
    command -v "$name" >/dev/null 2>&1 || continue
    message=other-python.txt
    if "$name" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)))' 2>/dev/null; then
        message=
        "$name" -X utf8 "$here/files/start.py" "$@"
        code=$?
        break
    fi
done
[ -z "$message" ] || cat "$here/files/$message"
if [ -t 0 ]; then
    printf '按回车键关闭。'
    read -r _
fi
exit "$code"

#!/bin/sh
# Makes .venv/ with the programs that read our exports in tests/readers.rs, and schemas that they fit. Versions are pinned in
# requirements.txt and schemas.txt.
# Does nothing when it is already as it should be.
set -eu
cd "$(dirname "$0")/../.."
wanted=tests/readers/requirements.txt
schemas=tests/readers/schemas.txt
made=.venv/requirements.txt
if [ -f "$made" ] && cat "$wanted" "$schemas" | cmp -s - "$made"; then
    exit 0
fi
rm -rf .venv
python3 -m venv .venv || {
    echo "tests/readers/setup.sh: python3 cannot make a virtual environment; install python3 and python3-venv" >&2
    exit 1
}
.venv/bin/pip install --quiet --disable-pip-version-check -r "$wanted"
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r "$schemas"
cat "$wanted" "$schemas" >"$made"

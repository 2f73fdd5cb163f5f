#!/bin/sh
# Makes .venv/ with the programs that read our exports in tests/readers.rs. Versions are pinned in requirements.txt.
# Does nothing when it is already as it should be.
set -eu
cd "$(dirname "$0")/../.."
wanted=tests/readers/requirements.txt
made=.venv/requirements.txt
if [ -f "$made" ] && cmp -s "$wanted" "$made"; then
    exit 0
fi
rm -rf .venv
python3 -m venv .venv || {
    echo "tests/readers/setup.sh: python3 cannot make a virtual environment; install python3 and python3-venv" >&2
    exit 1
}
.venv/bin/pip install --quiet --disable-pip-version-check -r "$wanted"
cp "$wanted" "$made"

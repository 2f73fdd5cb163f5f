#!/bin/sh
# Makes .venv/ with the programs that read our exports in tests/readers*.rs, and schemas that they fit, and .venv-older/ with those that
# ask for older versions of the same things. Versions are pinned in requirements.txt, schemas.txt and older.txt.
# Does nothing when it is already as it should be.
set -eu
cd "$(dirname "$0")/../.."
older=tests/readers/older.txt
if ! cmp -s "$older" .venv-older/requirements.txt; then
    rm -rf .venv-older
    python3 -m venv .venv-older || {
        echo "tests/readers/setup.sh: python3 cannot make a virtual environment; install python3 and python3-venv" >&2
        exit 1
    }
    .venv-older/bin/pip install --quiet --disable-pip-version-check --no-deps -r "$older"
    cp "$older" .venv-older/requirements.txt
fi
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

#!/bin/sh
# Makes .venv-doccano/ with doccano itself (700 MB), for the tests with MANICULE_READERS=all in tests/readers_json.rs.
# doccano does not say which versions it needs; with newer ones it fails on start.
set -eu
cd "$(dirname "$0")/../.."
if [ -x .venv-doccano/bin/python ] && .venv-doccano/bin/python -c "import backend" 2>/dev/null; then
    exit 0
fi
rm -rf .venv-doccano
python3 -m venv .venv-doccano
.venv-doccano/bin/pip install --quiet --disable-pip-version-check \
    "doccano==1.8.4" "marshmallow<4" "numpy<2" "scipy<1.14" "scikit-learn<1.6"

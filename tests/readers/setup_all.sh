#!/bin/sh
# Makes .venv-doccano/ with doccano itself (700 MB) and .venv-arguebuf/ with arguebuf (90 MB), for the tests with
# MANICULE_READERS=all in tests/readers_json.rs and tests/readers_archives.rs. doccano does not say which versions it needs; with
# newer ones it fails on start. arguebuf needs an older lxml than the other readers.
set -eu
cd "$(dirname "$0")/../.."
make() {
    folder=$1
    module=$2
    shift 2
    if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c "import $module" 2>/dev/null; then
        return
    fi
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
}
make .venv-doccano backend "doccano==1.8.4" "marshmallow<4" "numpy<2" "scipy<1.14" "scikit-learn<1.6"
make .venv-arguebuf arguebuf "arguebuf==2.7.2"

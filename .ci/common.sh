# For `run` and `test`: looks for what is needed and installs it by apt where that is allowed.

# Compiler and headers; what the window is linked with at run time; what finds fonts.
build_packages=(gcc libc6-dev)
window_packages=(libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1)
font_packages=(libfontconfig1)

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# As root, if that can be had without asking for a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

# install_packages WHAT-FOR PACKAGE…: nothing to do on systems without apt.
install_packages() {
    local purpose=$1 missing
    shift
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} = 0 ] && return 0
    say "Installing $purpose: ${missing[*]}"
    if as_root true 2>/dev/null; then
        as_root apt-get update -qq || true
        if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2; then
            return 0
        fi
    fi
    say "Could not install them. Please run: sudo apt-get install ${missing[*]}"
    return 1
}

# The version in Cargo.toml is the only place that names it.
need_cargo() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$here/Cargo.toml")
    command -v cargo >/dev/null || fail "Manicule needs cargo $wanted or newer, but there is no cargo here: install Rust from https://rustup.rs and try again."
    found=$(cargo --version | cut -d ' ' -f 2)
    [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] \
        || fail "Manicule needs cargo $wanted or newer, but this is cargo $found: run \`rustup update stable\` (or install Rust from https://rustup.rs) and try again."
}

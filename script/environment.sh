# Sourced by script/demo and script/test: finds Python and keeps .venv as the pinned requirements say.

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Prints the first interpreter that is new enough; a version manager's stub may exist and not run.
find_python() {
    for candidate in "${TACSLE_PYTHON:-}" python3.11 python3.12 python3.13 python3 python3.14 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# Debian ships the venv module in a package of its own.
require_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return 0
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
        say "Installing Python's venv module with apt-get ..."
        { apt-get update && apt-get install -y "python$version-venv"; } >/dev/null && return 0
    fi
    fail "Python's venv module is missing. Type: sudo apt-get install python$version-venv"
}

# The report's PDF is set with Pango, which the operating system provides.
PANGO="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
has_pango() { # without HarfBuzz-Subset it would only warn
    .venv/bin/python -W error:HarfBuzz-Subset:DeprecationWarning -c 'import weasyprint' 2>/dev/null
}
require_pango() {
    has_pango && return 0
    if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
        say "Installing Pango with apt-get ..."
        # shellcheck disable=SC2086
        { apt-get update && apt-get install -y $PANGO; } >/dev/null && has_pango && return 0
    fi
    fail "Pango is missing. Type: sudo apt-get install $PANGO"
}

create_venv() {
    python=$(find_python) || fail "TACSLE needs Python 3.11 or newer, and found none. Type: sudo apt-get install python3 python3-venv"
    require_venv_module "$python"
    say "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv
}

# ensure_venv FILE: a second start costs only this comparison.
ensure_venv() {
    .venv/bin/python -c '' 2>/dev/null || create_venv
    stamp=.venv/installed-$1
    wanted=$(cat requirements.txt "$1" | cksum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    say "Installing what $1 pins (a minute or two, once) ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$1" ||
        fail "The packages could not be installed; pip said why above."
    require_pango
    printf '%s\n' "$wanted" >"$stamp"
}

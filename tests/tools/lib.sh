# shellcheck shell=bash
# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Shared by the scripts in this folder: paths, Pythons, virtual environments, the copy of the collection.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
venv=$root/.venv
work=${WORK:-$root/.cache/check}                     # another WORK allows two runs at the same time
tree=$work/tree                                      # where Ansible searches for collections
collection=$tree/ansible_collections/mistio/cloud    # the copy that all checks use
check_home=$work/home                                # HOME of all checks: no file of the user is read or written

# Settings of the user must not change the results.
unset "${!ANSIBLE_@}" "${!MIST_@}" PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK=1

# Some builds that pip starts want to write there.
if [ ! -d "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    mkdir -p "$check_home"
    export HOME=$check_home
fi

say() { printf '\n=== %s\n' "$*"; }

fail() {
    printf 'ERROR: %s\n' "$*" >&2
    exit 1
}

python_places() { # VERSION: every path where that Python may be
    local pyenv_root
    type -ap "python$1" || true
    for pyenv_root in "${PYENV_ROOT:-}" "$(pyenv root 2>/dev/null || true)" "${HOME:-}/.pyenv"; do
        [ -z "$pyenv_root" ] || printf '%s\n' "$pyenv_root/versions/$1".*/"bin/python$1"
    done
}

find_python() { # VERSION...: the first Python that starts and can make virtual environments
    local version place
    for version in "$@"; do
        while IFS= read -r place; do
            # Fails for a pyenv shim without an active Python, and on Debian without python3-venv.
            if [ -x "$place" ] && "$place" -c "import ensurepip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null
            then
                "$place" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))'
                return
            fi
        done < <(python_places "$version")
    done
    return 1
}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

find_chromium() { # its path
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && type -P "$name"; then return; fi
    done
    return 1
}

get_chromium() { # only as root, with apt-get
    local hint="Chromium is missing. Install it, or name a browser of that family with CHROMIUM."
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then fail "$hint"; fi
    echo "installing Chromium"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } \
        >"$work/chromium.log" 2>&1 || fail "$hint See $work/chromium.log."
}

locked() { # NAME COMMAND...: one run at a time, if the system has flock
    local name=$1
    shift
    mkdir -p "$work"
    if ! command -v flock >/dev/null; then
        "$@"
        return
    fi
    (
        flock -n 9 || {
            echo "waiting for another run that holds $name.lock"
            flock 9
        }
        "$@" 9>&-
    ) 9>"$work/$name.lock"
}

make_venv() { # DIRECTORY PYTHON PIP-ARGUMENT...: rebuilt only if the Python, the arguments or a requirements file changed
    local directory=$1 python=$2 wanted
    shift 2
    wanted=$(cat <(printf '%s\n' "$python" "$@") "$root"/requirements/*.txt "$root"/tests/*/requirements.txt | cksum)
    if [ "$(cat "$directory/.made-from" 2>/dev/null || true)" != "$wanted" ]; then
        echo "making $directory with $python"
        rm -rf "$directory"
        "$python" -m venv "$directory"
        "$directory/bin/python" -m pip install --quiet "$@"
        "$directory/bin/python" -m pip check
        echo "$wanted" >"$directory/.made-from"
    fi
}

setup() { # .venv, and the home in which the checks run
    local python version
    # The oldest first: CI has it, and the pinned versions are tested with it.
    python=$(find_python 3.11 3.12 3.13) || fail "no Python 3.11, 3.12 or 3.13 with venv and ensurepip was found"
    make_venv "$venv" "$python" -r "$root/requirements/dev.txt"
    mkdir -p "$check_home/.ansible/test/cache" "$check_home/.config/pip"
    for version in 20_3_4 21_3_1 23_1_2 24_2 25_2; do # the names that ansible-test 2.16 to 2.21 look for before a download
        cp "$root/tests/tools/get_pip.py" "$check_home/.ansible/test/cache/get_pip_$version.py"
    done
    (umask 077 && "$venv/bin/python" "$root/tests/tools/pip_settings.py" >"$check_home/.config/pip/pip.conf")
}

lay_tree() { # copies tracked and new files: ansible-test refuses a symlink, and Ansible requires this path
    local fresh=$collection.new
    rm -rf "$fresh"
    mkdir -p "$fresh"
    (
        cd "$root" || exit
        git ls-files -z --cached --others --exclude-standard --deduplicate |
            while IFS= read -r -d '' path; do
                if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\0' "$path"; fi
            done | xargs -0 cp -pP --parents -t "$fresh"
    )
    if [ -d "$collection/tests/output" ]; then mv "$collection/tests/output" "$fresh/tests/output"; fi
    rm -rf "$collection"
    mv "$fresh" "$collection"
    # Without its own repository, git finds the checkout around it, which ignores .cache and hides every file.
    git -C "$collection" init --quiet
}

path_without_shims() { tr : '\n' <<<"$PATH" | grep -v '/shims/*$' | paste -sd: -; }

enter_collection() { # changes directory to the copy, and uses the tools of VENV (default: .venv)
    cd "$collection" || fail "$collection is missing"
    PATH=${1:-$venv}/bin:$(path_without_shims)
    export HOME=$check_home PATH
    export ANSIBLE_COLLECTIONS_PATH=$tree PYTHONPATH=$tree PYTHONDONTWRITEBYTECODE=1
    if [ ! -t 1 ]; then export NO_COLOR=1; fi
    export RUFF_CACHE_DIR=$work/ruff MYPY_CACHE_DIR=$work/mypy
    unset XDG_CACHE_HOME XDG_CONFIG_HOME
}

ansible_test() { # ARGUMENT...: in the copy; "nothing to do" is a failure
    local log=$work/ansible-test.log
    (
        unset ANSIBLE_COLLECTIONS_PATH PYTHONPATH # ansible-test finds the collection by its path and sets both itself
        ansible-test "$@" --color no 2>&1 | tee "$log"
    )
    if grep -qE 'All targets skipped|No tests applicable|nothing to test' "$log"; then fail "ansible-test $1 ran nothing"; fi
}

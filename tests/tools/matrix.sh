#!/usr/bin/env bash
# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# matrix.sh: runs the tests with other versions of ansible-core, each with the first of its Pythons that is installed.
# If none is installed, the row is skipped, and the summary says so. MATRIX replaces the rows, and MATRIX_TARGETS the
# integration targets. The default is one target for each kind of module: all targets on each version take half an hour,
# and the unit tests run main() of every module over HTTP as well.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

read -ra targets <<<"${MATRIX_TARGETS:-mist_provider_info mist_key inventory_mist lookup_private_key secrets}"
rows=${MATRIX:-"2.16.19:3.11 2.17.14:3.10,3.11 2.18.19:3.12,3.11 2.20.10:3.12,3.13 2.21.5:3.13,3.12 2.22.0rc1:3.13"}
# The oldest Python that modules support. The emulator needs a newer one, so modules are only compiled and imported there.
oldest_core=2.16.19 oldest_module_python=3.8

core_venv() { # CORE PYTHON
    local -a pytest
    mapfile -t pytest < <(grep '^pytest' "$root/requirements/dev.txt")
    make_venv "$work/venv-$1" "$2" "ansible-core==$1" "${pytest[@]}" \
        -r "$root/tests/unit/requirements.txt" -r "$root/tests/integration/requirements.txt"
}

try_core() { # CORE PYTHON
    local version units
    version=$(version_of "$2")
    core_venv "$1" "$2"
    lay_tree
    enter_collection "$work/venv-$1"
    ansible_test sanity --test validate-modules --test import --test compile --python "$version"
    # The tests of the emulator and of the client do not need Ansible, and ansible-test takes minutes for them, because
    # it forks for each test. Those of the client run once, with plain pytest on the oldest Python of a controller.
    mapfile -t units < <(find tests/unit -name 'test_*.py' -not -path 'tests/unit/emulator/*' -not -path 'tests/unit/mist_client/*')
    if [ "$version" = 3.10 ]; then python -m pytest --quiet tests/unit/mist_client; fi
    ansible_test units --python "$version" "${units[@]}"
    ansible_test integration --python "$version" "${targets[@]}"
}

try_oldest_modules() { # PYTHON
    local version
    version=$(version_of "$1")
    lay_tree
    mkdir -p "$work/pythons"
    ln -sf "$1" "$work/pythons/python$version"
    enter_collection "$work/venv-$oldest_core"
    PATH=$PATH:$work/pythons
    ansible_test sanity --test import --test compile --python "$version"
}

summary='' failed=0
note() { summary+=$(printf '%-32s %-8s %s' "$1" "$2" "$3")$'\n'; }

attempt() { # TITLE FUNCTION ARGUMENT...
    local title=$1 began=$SECONDS rc
    shift
    say "$title"
    set +e
    (set -e && "$@")
    rc=$?
    set -e
    if [ $rc -eq 0 ]; then note "$title" ok "$((SECONDS - began)) s"; else
        note "$title" FAILED "$((SECONDS - began)) s"
        failed=1
    fi
}

run_matrix() {
    local row core pythons python
    for row in $rows; do
        core=${row%%:*} pythons=${row#*:}
        # shellcheck disable=SC2086  # commas separate the versions
        if python=$(find_python ${pythons//,/ }); then
            attempt "ansible-core $core, Python $(version_of "$python")" try_core "$core" "$python"
        else
            note "ansible-core $core" SKIPPED "no Python ${pythons//,/ or } here"
        fi
    done
    if ! python=$(find_python "$oldest_module_python"); then
        note "modules, Python $oldest_module_python" SKIPPED "no Python $oldest_module_python here"
    elif [ ! -x "$work/venv-$oldest_core/bin/ansible-test" ]; then
        note "modules, Python $oldest_module_python" SKIPPED "ansible-core $oldest_core, which still takes it, is not in the matrix"
    else
        attempt "modules, Python $oldest_module_python" try_oldest_modules "$python"
    fi
    say "matrix summary ($SECONDS s)"
    printf '%s' "$summary"
    grep -qE ' (ok|FAILED) ' <<<"$summary" || fail "not one row of the matrix could be run"
    return $failed
}

say setup
locked setup setup
locked check run_matrix

#!/usr/bin/env bash
# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# check.sh STAGE...: installs the tools, then runs these stages on a copy of the checkout. Stops at the first failure.
# ARGS is passed to the tool of unit, quick, browser, integration and sanity.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
read -ra args <<<"${ARGS:-}"
side_by_side=(-n auto --dist loadfile) # tests of one file share fixtures

stage_lint() { # runs all linters, so that one run shows all complaints
    enter_collection
    local folder failed=''
    local -a packages=() scripts files
    try() {
        printf -- '--- %s\n' "${*:1:2}"
        "$@" || failed+=" $1"
    }
    try yamllint --strict .
    try ruff check .
    try ruff format --check .
    # As one namespace, so that imports resolve as they do in Ansible
    for folder in module_utils plugin_utils; do
        if [ -d "plugins/$folder" ]; then packages+=(-p "ansible_collections.mistio.cloud.plugins.$folder"); fi
    done
    MYPYPATH=$tree try mypy --config-file pyproject.toml "${packages[@]}"
    mapfile -t scripts < <(git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run)
    try shellcheck --external-sources "${scripts[@]}"
    try ansible-lint --profile production
    try antsibull-changelog lint
    mapfile -t files < <(git ls-files --cached --others --exclude-standard)
    try reuse lint-file --lines "${files[@]}"
    [ -z "$failed" ] || fail "complaints from:$failed"
}

# Plain pytest is faster than ansible-test and has more options. `make matrix` runs the same tests with ansible-test.
stage_unit() {
    enter_collection
    python -m pytest --no-cov "${side_by_side[@]}" "${args[@]}"
}

# Only tests that need no server: plans, parsing, hosts, expressions, trust.
stage_quick() {
    enter_collection
    python -m pytest --no-cov --quiet -m 'not server' "${args[@]}"
}

stage_coverage() {
    enter_collection
    COVERAGE_FILE=$work/coverage python -m pytest "${side_by_side[@]}" --cov --cov-report=term
}

# Tests what people look at, in Chromium. CHROMIUM sets another browser of that family.
stage_browser() {
    case ${SCREENSHOT:-} in '' | /*) ;; *) export SCREENSHOT=$root/$SCREENSHOT ;; esac
    CHROMIUM=$(find_chromium) || get_chromium
    CHROMIUM=${CHROMIUM:-$(find_chromium)}
    export CHROMIUM
    enter_collection
    python -m pytest --no-cov "${args[@]}" tests/browser
}

stage_integration() {
    enter_collection
    compgen -G 'tests/integration/targets/*/tasks/main.yml' >/dev/null || fail "no integration target"
    ansible_test integration --venv --python "$(version_of python)" "${args[@]}"
}

stage_sanity() {
    enter_collection
    ansible_test sanity "${args[@]}"
    # If a tool is missing, ansible-test skips its test. Only Pythons may be missing.
    if grep -E 'WARNING: (Skipping|.*[Ss]kipped)' "$work/ansible-test.log" | grep -v ' on Python '; then fail "a sanity test was skipped"; fi
}

stage_docs() {
    enter_collection
    # antsibull-docs works in a folder with a random name. If the name ends in "_", it reports a broken link: retry.
    until antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all . | tee "$work/docs.log"; do
        grep -q 'Unknown target name: "antsibull-docs-' "$work/docs.log" || fail "antsibull-docs has complaints"
    done
    rm -rf "$work/site" && mkdir "$work/site"
    antsibull-docs sphinx-init --use-current --dest-dir "$work/site" --fail-on-error --lenient mistio.cloud
    # Do not download the link inventories of other sites. Links to them stay plain text here.
    sed -i 's/^intersphinx_mapping = /intersphinx_mapping_online = /' "$work/site/conf.py"
    "$work/site/build.sh" >"$work/site.log" 2>&1 || { tail -n 40 "$work/site.log" && false; }
    echo "the site: $work/site/build/html/index.html"
}

stage_package() {
    enter_collection
    local package installed=$work/installed/ansible_collections/mistio/cloud entry
    rm -rf "$work/dist" "$work/installed"
    ansible-galaxy collection build --output-path "$work/dist" .
    package=$(echo "$work"/dist/mistio-cloud-*.tar.gz)
    tar -tzf "$package" | sort >"$work/dist/contents"
    ANSIBLE_COLLECTIONS_PATH=$work/installed ansible-galaxy collection install "$package" -p "$work/installed" --offline --force

    ansible-builder introspect --write-pip "$work/dist/pip" --write-bindep "$work/dist/bindep" "$work/installed"
    grep -q '^requests' "$work/dist/pip" || fail "an execution environment would not get requests"

    # The collection must work if a packager keeps only these folders.
    for entry in "$installed"/* "$installed"/.[!.]*; do
        case ${entry##*/} in meta | plugins | roles | playbooks) ;; *) rm -rf "$entry" ;; esac
    done
    ANSIBLE_COLLECTIONS_PATH=$work/installed PYTHONPATH=$work/installed python "$root/tests/tools/smoke.py" "$installed"

    cd "$work/dist"
    python -m galaxy_importer.main "$package" 2>&1 | tee importer.log
    # The importer says "completed successfully" even if it found errors.
    if grep -E '^(ERROR|WARNING)' importer.log; then fail "galaxy-importer has complaints"; fi
}

run_stages() {
    local stage began rc summary='' total=$SECONDS
    lay_tree
    for stage in "$@"; do
        say "$stage"
        began=$SECONDS
        # In a subshell outside any condition, because in a condition bash ignores `set -e`.
        set +e
        (set -e && "stage_$stage")
        rc=$?
        set -e
        summary+=$(printf '%-12s %-6s %4s s' "$stage" "$([ $rc -eq 0 ] && echo ok || echo FAILED)" $((SECONDS - began)))$'\n'
        [ $rc -eq 0 ] || break
    done
    say "summary ($((SECONDS - total)) s)"
    printf '%s' "$summary"
    return $rc
}

for stage in "$@"; do
    declare -F "stage_$stage" >/dev/null || fail "no such stage: $stage"
done
say setup
locked setup setup
if [ $# -eq 0 ]; then
    echo "ready: $venv"
else
    locked check run_stages "$@"
fi

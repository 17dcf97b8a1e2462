#!/usr/bin/env bash
# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# demo.sh: for each generation, starts an emulated server on a free port and runs playbooks/demo.yml twice. Then it lists
# the new machines with the inventory, runs a play on them, and stops, starts, reboots and destroys them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
read -ra args <<<"${ARGS:-}"

demo_token=$(printf '0123456789abcdef%.0s' 1 2 3 4) # the token of the emulated server

demo() {
    lay_tree
    enter_collection
    export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false
    if [ -t 1 ]; then export ANSIBLE_FORCE_COLOR=true; fi
    headline "A server of today (generation clouds: Mist 2016 to v4.7), with an API token"
    (export MIST_API_TOKEN=$demo_token && demo_on clouds)
    headline "The same playbooks on a server of 2014 (generation backends), without authentication"
    (demo_on backends)
    say "The demo succeeded: on both servers the second run changed nothing"
}

headline() { printf '\n%s\n%s\n' "$1" "${1//?/=}"; }

demo_on() { # GENERATION
    local address=$work/demo-address emulator waited=0
    rm -f "$address"
    python -m tests.emulator --generation "$1" --token "$demo_token" --port 0 --address-file "$address" --lifetime 600 \
        --job-look-seconds 0.2 \
        >"$work/demo-emulator.log" 2>&1 &
    emulator=$!
    # shellcheck disable=SC2064  # the id of this process, even if the variable changes
    trap "kill $emulator 2>/dev/null || true" EXIT
    until [ -s "$address" ]; do
        kill -0 "$emulator" 2>/dev/null && [ $((waited += 1)) -le 150 ] || {
            cat "$work/demo-emulator.log"
            fail "the emulator did not start"
        }
        sleep 0.2
    done
    MIST_URI=$(python -c 'import json, sys; print(json.load(open(sys.argv[1]))["uri"])' "$address")
    export MIST_URI

    say "First run on an empty server at $MIST_URI"
    ansible-playbook playbooks/demo.yml "${args[@]}"
    say "Second run: no changes"
    ansible-playbook playbooks/demo.yml "${args[@]}" | tee "$work/demo-second.log"
    if grep -E 'changed=[1-9]' "$work/demo-second.log" >/dev/null || ! grep 'changed=0' "$work/demo-second.log" >/dev/null; then
        fail "the second run changed something"
    fi
    say "The machines as inventory hosts"
    ansible-inventory -i playbooks/inventory/demo.mist.yml --graph
    ansible-playbook -i playbooks/inventory/demo.mist.yml playbooks/demo_hosts.yml "${args[@]}" | tee "$work/demo-hosts.log"
    [ "$(grep -cE '^shop[12] .* ok=2 .* failed=0 ' "$work/demo-hosts.log")" -eq 2 ] || fail "the play did not reach both machines"
    say "Stop, start, reboot and destroy the machines"
    ansible-playbook playbooks/demo_lifecycle.yml "${args[@]}"
}

say setup
locked setup setup
locked check demo

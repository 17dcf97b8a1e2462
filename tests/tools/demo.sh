#!/usr/bin/env bash
# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# demo.sh: for each generation of servers an emulated one on a free port, playbooks/demo.yml on it, twice, then a play on
# the machines that it made, found by the inventory, and the end of their life.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
read -ra args <<<"${ARGS:-}"

demo_token=$(printf '0123456789abcdef%.0s' 1 2 3 4) # the emulated server of the clouds generation knows no other

demo() {
    lay_tree
    enter_collection
    export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false
    if [ -t 1 ]; then export ANSIBLE_FORCE_COLOR=true; fi
    headline "A server of the generation backends (mist.io of 2014 and 2015), which wants no login"
    (demo_on backends)
    headline "The same playbooks on a server of the generation clouds (Mist 2016 to v4.7), by an API token"
    (export MIST_API_TOKEN=$demo_token && demo_on clouds)
    say "The demo is done: on both servers the second run found nothing to change"
}

headline() { printf '\n%s\n%s\n' "$1" "${1//?/=}"; }

demo_on() { # GENERATION
    local address=$work/demo-address emulator waited=0
    rm -f "$address"
    python -m tests.emulator --generation "$1" --token "$demo_token" --port 0 --address-file "$address" --lifetime 600 \
        --job-look-seconds 0.2 \
        >"$work/demo-emulator.log" 2>&1 &
    emulator=$!
    # shellcheck disable=SC2064  # this process, whatever the variable holds by then
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

    say "First run: from an empty server at $MIST_URI to the state that the playbook describes"
    ansible-playbook playbooks/demo.yml "${args[@]}"
    say "Second run: nothing to change"
    ansible-playbook playbooks/demo.yml "${args[@]}" | tee "$work/demo-second.log"
    if grep -E 'changed=[1-9]' "$work/demo-second.log" >/dev/null || ! grep 'changed=0' "$work/demo-second.log" >/dev/null; then
        fail "the second run changed something"
    fi
    say "The machines as hosts of an inventory"
    ansible-inventory -i playbooks/inventory/demo.mist.yml --graph
    ansible-playbook -i playbooks/inventory/demo.mist.yml playbooks/demo_hosts.yml "${args[@]}" | tee "$work/demo-hosts.log"
    [ "$(grep -cE '^shop[12] .* ok=2 .* failed=0 ' "$work/demo-hosts.log")" -eq 2 ] || fail "the play did not reach both machines"
    say "The end of the machines' life: stop, start, reboot, destroy"
    ansible-playbook playbooks/demo_lifecycle.yml "${args[@]}"
}

say setup
locked setup setup
locked check demo

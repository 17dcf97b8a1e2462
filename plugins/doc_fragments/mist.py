# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every module and plugin has: which server, and as whom."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  mist_uri:
    description:
      - The address of the Mist server, with its port and the path of a proxy if there is one.
      - Leave out C(/api/v1). A server must be named, here or by E(MIST_URI).
      - If not set, the environment variable E(MIST_URI) is used.
    type: str
  mist_api_token:
    description:
      - An API token of the user, as Mist hands it out.
      - With neither a token nor O(mist_email), the server is taken for a standalone one, which wants no login.
      - If not set, the environment variable E(MIST_API_TOKEN) is used.
    type: str
  mist_email:
    description:
      - The user to log in as, together with O(mist_password).
      - Prefer O(mist_api_token). A server of the generation V(clouds) makes a token at each such login, and sends the
        user a mail about it ("New API Token has been issued").
      - If not set, the environment variable E(MIST_EMAIL) is used.
    type: str
  mist_password:
    description:
      - The password of O(mist_email).
      - If not set, the environment variable E(MIST_PASSWORD) is used.
    type: str
  mist_org:
    description:
      - The organisation that is meant, by id or name, for users who are in several.
      - A token belongs to one organisation. With O(mist_api_token) it must be that one, or the task fails; with
        O(mist_email) and O(mist_password) the token is got for it.
      - Servers of the generation V(backends) have no organisations.
      - If not set, the environment variable E(MIST_ORG) is used.
    type: str
  mist_generation:
    description:
      - Which generation of Mist servers this one is of.
      - V(backends) is mist.io of 2014 and 2015.
      - V(clouds) is Mist from 2016 on, up to version 4.7.
      - V(auto) finds out, at the first request.
      - If not set, the environment variable E(MIST_GENERATION) is used.
    type: str
    choices: [auto, backends, clouds]
    default: auto
  validate_certs:
    description:
      - Whether the server's TLS certificate must be right.
      - If not set, the environment variable E(MIST_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, in place of those that C(requests) trusts.
      - If not set, the environment variable E(MIST_CA_PATH) is used.
    type: path
  timeout:
    description:
      - How many seconds a request may take, from connecting to the last byte of the answer.
      - Mist asks the provider before it answers, so this is also how long the provider may take.
      - If not set, the environment variable E(MIST_TIMEOUT) is used.
    type: int
    default: 60
  retries:
    description:
      - How often a request that only reads is sent again when the server is out of reach or overloaded.
      - A request that changes something is only sent again when it cannot have reached the server, or when the server
        said that it did nothing.
      - If not set, the environment variable E(MIST_RETRIES) is used.
    type: int
    default: 3
  max_response_mb:
    description:
      - The size of the largest answer that is read, in megabytes. A larger one is an error, so that a broken server
        or proxy cannot fill the memory.
      - The list of 10,000 machines takes about 30 MB.
      - If not set, the environment variable E(MIST_MAX_RESPONSE_MB) is used.
    type: int
    default: 256
requirements:
  - requests >= 2.28
"""

    # The same for plugins, whose environment variables and variables ansible-core reads from here: a test holds the two
    # together. Lookups take the variables from the host, inventories from -e.
    PLUGIN = r"""
options:
  mist_uri:
    description:
      - The address of the Mist server, with its port and the path of a proxy if there is one.
      - Leave out C(/api/v1). A server must be named, here or by E(MIST_URI).
    type: str
    env:
      - name: MIST_URI
    vars:
      - name: mist_uri
  mist_api_token:
    description:
      - An API token of the user, as Mist hands it out.
      - With neither a token nor O(mist_email), the server is taken for a standalone one, which wants no login.
    type: str
    env:
      - name: MIST_API_TOKEN
    vars:
      - name: mist_api_token
  mist_email:
    description:
      - The user to log in as, together with O(mist_password).
      - Prefer O(mist_api_token). A server of the generation V(clouds) makes a token at each such login, and sends the
        user a mail about it ("New API Token has been issued").
    type: str
    env:
      - name: MIST_EMAIL
    vars:
      - name: mist_email
  mist_password:
    description:
      - The password of O(mist_email).
    type: str
    env:
      - name: MIST_PASSWORD
    vars:
      - name: mist_password
  mist_org:
    description:
      - The organisation that is meant, by id or name, for users who are in several.
      - A token belongs to one organisation. With O(mist_api_token) it must be that one, or the task fails; with
        O(mist_email) and O(mist_password) the token is got for it.
      - Servers of the generation V(backends) have no organisations.
    type: str
    env:
      - name: MIST_ORG
    vars:
      - name: mist_org
  mist_generation:
    description:
      - Which generation of Mist servers this one is of.
      - V(backends) is mist.io of 2014 and 2015.
      - V(clouds) is Mist from 2016 on, up to version 4.7.
      - V(auto) finds out, at the first request.
    type: str
    env:
      - name: MIST_GENERATION
    vars:
      - name: mist_generation
    choices: [auto, backends, clouds]
    default: auto
  validate_certs:
    description:
      - Whether the server's TLS certificate must be right.
    type: bool
    env:
      - name: MIST_VALIDATE_CERTS
    vars:
      - name: mist_validate_certs
    default: true
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, in place of those that C(requests) trusts.
    type: path
    env:
      - name: MIST_CA_PATH
    vars:
      - name: mist_ca_path
  timeout:
    description:
      - How many seconds a request may take, from connecting to the last byte of the answer.
      - Mist asks the provider before it answers, so this is also how long the provider may take.
    type: int
    env:
      - name: MIST_TIMEOUT
    vars:
      - name: mist_timeout
    default: 60
  retries:
    description:
      - How often a request that only reads is sent again when the server is out of reach or overloaded.
      - A request that changes something is only sent again when it cannot have reached the server, or when the server
        said that it did nothing.
    type: int
    env:
      - name: MIST_RETRIES
    vars:
      - name: mist_retries
    default: 3
  max_response_mb:
    description:
      - The size of the largest answer that is read, in megabytes. A larger one is an error, so that a broken server
        or proxy cannot fill the memory.
      - The list of 10,000 machines takes about 30 MB.
    type: int
    env:
      - name: MIST_MAX_RESPONSE_MB
    vars:
      - name: mist_max_response_mb
    default: 256
requirements:
  - requests >= 2.28
"""

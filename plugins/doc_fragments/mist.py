# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options of every module and plugin: the server, the authentication and the limits."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  mist_uri:
    description:
      - The URL of the Mist server, such as V(https://mist.example.test).
      - Include the port, and the path of a reverse proxy if there is one. Leave out C(/api/v1).
      - Required, because there is no default server.
      - If not set, the environment variable E(MIST_URI) is used.
    type: str
  mist_api_token:
    description:
      - The API token for the authentication.
      - If neither O(mist_api_token) nor O(mist_email) is set, requests are sent without authentication. Only standalone
        servers of the generation V(backends) accept that.
      - For other servers of the generation V(backends), set O(mist_email) together with the token.
      - If not set, the environment variable E(MIST_API_TOKEN) is used.
    type: str
  mist_email:
    description:
      - The email address of the user who logs in with O(mist_password).
      - Prefer O(mist_api_token). At each login with a password, a server of the generation V(clouds) creates a token
        and sends the user an email about it ("New API Token has been issued").
      - If not set, the environment variable E(MIST_EMAIL) is used.
    type: str
  mist_password:
    description:
      - The password for O(mist_email). It is not used if O(mist_api_token) is set.
      - If not set, the environment variable E(MIST_PASSWORD) is used.
    type: str
  mist_org:
    description:
      - The organization to use, by id or name. You need it only if the user is a member of several organizations.
      - With O(mist_email) and O(mist_password), the user logs in to this organization.
      - An API token belongs to one organization. It is an error if O(mist_api_token) belongs to another one.
      - Servers of the generation V(backends) have no organizations, so this option is an error there.
      - If not set, the environment variable E(MIST_ORG) is used.
    type: str
  mist_generation:
    description:
      - The generation of the Mist server.
      - V(auto) detects the generation with the first request. Without authentication, it assumes V(backends).
      - V(clouds) is Mist from 2016 on, up to version 4.7.
      - V(backends) is mist.io of 2014 and 2015.
      - If not set, the environment variable E(MIST_GENERATION) is used.
    type: str
    choices: [auto, backends, clouds]
    default: auto
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the Mist server.
      - If not set, the environment variable E(MIST_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the CA certificates to verify the server with, instead of those that C(requests) uses.
      - Ignored with O(validate_certs=false).
      - If not set, the environment variable E(MIST_CA_PATH) is used.
    type: path
  timeout:
    description:
      - The timeout of a request in seconds, from connecting to the last byte of the response.
      - Mist often queries the provider before it responds, so allow time for the provider as well.
      - Each retry has the full timeout, see O(retries).
      - If not set, the environment variable E(MIST_TIMEOUT) is used.
    type: int
    default: 60
  retries:
    description:
      - How often to retry a request that only reads, if the server cannot be reached or is overloaded.
      - A request that changes something is retried only if it cannot have reached the server, or if the server rejected
        it because of too many requests (HTTP status 429).
      - A timeout during a response is not retried.
      - If not set, the environment variable E(MIST_RETRIES) is used.
    type: int
    default: 3
  max_response_mb:
    description:
      - The maximum size of a response in megabytes. A larger response is an error.
      - The limit protects the memory from a faulty server or proxy. A list of 10,000 machines has about 30 MB.
      - If not set, the environment variable E(MIST_MAX_RESPONSE_MB) is used.
    type: int
    default: 256
requirements:
  - requests >= 2.28
"""

    # The same options for plugins, with the environment variables and variables that ansible-core reads from here. A
    # test compares the two. Lookups take the variables from the host, inventories from -e.
    PLUGIN = r"""
options:
  mist_uri:
    description:
      - The URL of the Mist server, such as V(https://mist.example.test).
      - Include the port, and the path of a reverse proxy if there is one. Leave out C(/api/v1).
      - Required, because there is no default server.
    type: str
    env:
      - name: MIST_URI
    vars:
      - name: mist_uri
  mist_api_token:
    description:
      - The API token for the authentication.
      - If neither O(mist_api_token) nor O(mist_email) is set, requests are sent without authentication. Only standalone
        servers of the generation V(backends) accept that.
      - For other servers of the generation V(backends), set O(mist_email) together with the token.
    type: str
    env:
      - name: MIST_API_TOKEN
    vars:
      - name: mist_api_token
  mist_email:
    description:
      - The email address of the user who logs in with O(mist_password).
      - Prefer O(mist_api_token). At each login with a password, a server of the generation V(clouds) creates a token
        and sends the user an email about it ("New API Token has been issued").
    type: str
    env:
      - name: MIST_EMAIL
    vars:
      - name: mist_email
  mist_password:
    description:
      - The password for O(mist_email). It is not used if O(mist_api_token) is set.
    type: str
    env:
      - name: MIST_PASSWORD
    vars:
      - name: mist_password
  mist_org:
    description:
      - The organization to use, by id or name. You need it only if the user is a member of several organizations.
      - With O(mist_email) and O(mist_password), the user logs in to this organization.
      - An API token belongs to one organization. It is an error if O(mist_api_token) belongs to another one.
      - Servers of the generation V(backends) have no organizations, so this option is an error there.
    type: str
    env:
      - name: MIST_ORG
    vars:
      - name: mist_org
  mist_generation:
    description:
      - The generation of the Mist server.
      - V(auto) detects the generation with the first request. Without authentication, it assumes V(backends).
      - V(clouds) is Mist from 2016 on, up to version 4.7.
      - V(backends) is mist.io of 2014 and 2015.
    type: str
    env:
      - name: MIST_GENERATION
    vars:
      - name: mist_generation
    choices: [auto, backends, clouds]
    default: auto
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the Mist server.
    type: bool
    env:
      - name: MIST_VALIDATE_CERTS
    vars:
      - name: mist_validate_certs
    default: true
  ca_path:
    description:
      - A file with the CA certificates to verify the server with, instead of those that C(requests) uses.
      - Ignored with O(validate_certs=false).
    type: path
    env:
      - name: MIST_CA_PATH
    vars:
      - name: mist_ca_path
  timeout:
    description:
      - The timeout of a request in seconds, from connecting to the last byte of the response.
      - Mist often queries the provider before it responds, so allow time for the provider as well.
      - Each retry has the full timeout, see O(retries).
    type: int
    env:
      - name: MIST_TIMEOUT
    vars:
      - name: mist_timeout
    default: 60
  retries:
    description:
      - How often to retry a request that only reads, if the server cannot be reached or is overloaded.
      - A request that changes something is retried only if it cannot have reached the server, or if the server rejected
        it because of too many requests (HTTP status 429).
      - A timeout during a response is not retried.
    type: int
    env:
      - name: MIST_RETRIES
    vars:
      - name: mist_retries
    default: 3
  max_response_mb:
    description:
      - The maximum size of a response in megabytes. A larger response is an error.
      - The limit protects the memory from a faulty server or proxy. A list of 10,000 machines has about 30 MB.
    type: int
    env:
      - name: MIST_MAX_RESPONSE_MB
    vars:
      - name: mist_max_response_mb
    default: 256
requirements:
  - requests >= 2.28
"""

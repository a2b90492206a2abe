"""Fetches a token with MSAL, and calls the Store with it.

MSAL accepts no URL but https, not even on loopback. So its requests are sent to the same address over
http, and the URLs in the responses are changed to https.
"""

import os

import msal
import requests

AUTHORITY = os.environ["AZURE_AUTHORITY_HOST"]
SECURE = AUTHORITY.replace("http://", "https://", 1)


class OverHttp(requests.Session):
    def request(self, method, url, **arguments):
        response = super().request(method, url.replace(SECURE, AUTHORITY, 1), **arguments)
        response._content = response.content.replace(AUTHORITY.encode(), SECURE.encode())
        return response


def application(secret, **options):
    return msal.ConfidentialClientApplication(
        os.environ["AZURE_CLIENT_ID"],
        authority=f"{SECURE}/{os.environ['AZURE_TENANT_ID']}",
        client_credential=secret,
        http_client=OverHttp(),
        instance_discovery=False,
        **options,
    )


SCOPES = ["https://onestore.microsoft.com/.default"]
refused = application("guess").acquire_token_for_client(SCOPES)
assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215]), refused

client = application(os.environ["AZURE_CLIENT_SECRET"])
token = client.acquire_token_for_client(SCOPES)
assert token["token_type"] == "Bearer" and token["expires_in"] == 3599, token
again = client.acquire_token_for_client(SCOPES)
assert again["token_source"] == "cache" and again["access_token"] == token["access_token"], again

inventory = requests.get(
    f"{os.environ['SEATS_STORE_URL']}/Inventory",
    headers={"Authorization": f"Bearer {token['access_token']}"},
    timeout=30,
)
assert inventory.status_code == 200, inventory.text

instance = requests.get(
    f"{AUTHORITY}/common/discovery/instance",
    params={
        "api-version": "1.1",
        "authorization_endpoint": f"{SECURE}/{os.environ['AZURE_TENANT_ID']}/oauth2/v2.0/authorize",
    },
    timeout=30,
).json()
document = requests.get(instance["tenant_discovery_endpoint"], timeout=30).json()
assert document["token_endpoint"].endswith("/oauth2/v2.0/token"), document
